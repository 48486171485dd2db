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

const SOON = '20s'

const pair = (east: string, west: string) => ({
  east: { series: east, max_age: SOON },
  west: { series: west, max_age: SOON },
  fx: { series: 'sina/usdcny', max_age: SOON },
  max_skew: '5s',
  plausible_premium: ['-50%', '100%'],
})

const rule = (of: (typeof PAIRS)[number], measure: string, raise: string, clear: string) => ({
  ...{ pair: of, measure, direction: 'above', raise, clear },
  ...{ for: `${HOLD_S}s`, clear_for: `${HOLD_S}s`, severity: 'warning', notify: ['treasury'] },
})

const silver = {
  metal: 'silver',
  title: 'Silver',
  unit: 'oz',
  tax: { china_vat: [{ from: '2019-04-01', rate: 0.13 }] },
  pairs: { 'silver-simulated': pair('sge-delayed/ag-td', 'sina/xag') },
  rules: { 'silver-gap': rule('silver-simulated', 'as_quoted_usd', '5.50', '5.00') },
}

const gold = {
  metal: 'gold',
  title: 'Gold',
  unit: 'oz',
  pairs: { 'gold-simulated': pair('sge-delayed/au-td', 'sina/xau') },
  rules: { 'gold-gap': rule('gold-simulated', 'as_quoted_pct', '3.00', '2.00') },
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
