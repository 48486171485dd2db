/** The demo's own configuration folder: the same files as a live one, with seconds where that has minutes. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'

const EVERY_SECOND = '* * * * * *'
const LOOPBACK = '127.0.0.0/8'
export const PAIRS = ['silver-simulated', 'gold-simulated'] as const
/** hold before a breach of silver's gap is raised, and before it is cleared */
export const HOLD_S = 3

export interface DemoAddresses {
  exchanges: string
  receiver: string
  secret: string
}

/** Writes the folder anew, readable for its owner only, because a signing secret stands in it. */
export async function writeDemoConfiguration(folder: string, addresses: DemoAddresses): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'metals'), { recursive: true, mode: 0o700 })
  const files = {
    'metals/silver.yaml': silver,
    'metals/gold.yaml': gold,
    'channels.yaml': channels(addresses),
    'feeds.yaml': feeds(addresses.exchanges),
    'network.yaml': { allow_private: [LOOPBACK] },
  }
  for (const [name, content] of Object.entries(files)) {
    const text = `# written by \`metalgap demo\`: simulated prices\n${stringify(content)}`
    await writeFile(join(folder, name), text, { mode: 0o600 })
  }
}

const ages = { max_skew: '5s', plausible_premium: ['-50%', '100%'] }
const rate = { series: 'sina/usdcny', max_age: '20s' }

const silver = {
  metal: 'silver',
  title: 'Silver',
  unit: 'oz',
  tax: { china_vat: [{ from: '2019-04-01', rate: 0.13 }] },
  pairs: {
    'silver-simulated': {
      east: { series: 'sge-delayed/ag-td', max_age: '20s' },
      west: { series: 'sina/xag', max_age: '20s' },
      fx: rate,
      ...ages,
    },
  },
  rules: {
    'silver-gap': {
      pair: 'silver-simulated',
      measure: 'as_quoted_usd',
      direction: 'above',
      raise: '5.50',
      clear: '5.00',
      for: `${HOLD_S}s`,
      clear_for: `${HOLD_S}s`,
      severity: 'warning',
      notify: ['treasury'],
    },
  },
}

const gold = {
  metal: 'gold',
  title: 'Gold',
  unit: 'oz',
  pairs: {
    'gold-simulated': {
      east: { series: 'sge-delayed/au-td', max_age: '20s' },
      west: { series: 'sina/xau', max_age: '20s' },
      fx: rate,
      ...ages,
    },
  },
  rules: {
    'gold-gap': {
      pair: 'gold-simulated',
      measure: 'as_quoted_pct',
      direction: 'above',
      raise: '3.00',
      clear: '2.00',
      for: `${HOLD_S}s`,
      clear_for: `${HOLD_S}s`,
      severity: 'warning',
      notify: ['treasury'],
    },
  },
}

function channels({ receiver, secret }: DemoAddresses) {
  return {
    channels: { treasury: { kind: 'webhook', url: receiver, secrets: [secret] } },
    operators: ['treasury'],
  }
}

function feeds(exchanges: string) {
  const everySecond = (...names: string[]) => ({
    base_url: exchanges,
    schedule: EVERY_SECOND,
    series: Object.fromEntries(names.map((name) => [name, { calendar: 'always', publication_lag: '1s' }])),
  })
  return {
    feeds: {
      'sge-delayed': everySecond('ag-td', 'au-td'),
      sina: everySecond('xag', 'xau', 'usdcny'),
    },
  }
}
