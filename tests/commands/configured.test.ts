import { expect, onTestFinished, test } from 'vitest'
import { simulatedClock } from '../../src/simulator/clock.ts'
import { type Exchanges, startExchanges } from '../../src/simulator/exchanges.ts'
import { recordedPrices } from '../../src/simulator/prices.ts'
import { freshDatabase } from '../database.ts'
import { SECRET } from '../pipeline/desk.ts'
import { startDestination } from '../pipeline/destination.ts'
import { SILVER } from '../world.ts'
import { jsonLines, openTerminal } from './terminal.ts'

const AT = '2026-03-02T02:00:00Z'

test('check shows what would be polled, compared and told', async () => {
  using terminal = openTerminal()
  const { code, stdout } = await terminal.metalgap('check')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^The configuration in .* is valid/)
  expect(stdout).toMatch(
    /sina +\*\/10 \* \* \* \* \* +Asia\/Shanghai +https:\/\/hq\.sinajs\.cn +ag-td, xag, usdcny/,
  )
  expect(stdout).toMatch(
    /silver-gap +silver-live +as_quoted_usd above +5\.50 for 0 s +5\.00 for 0 s +warning +terminal/,
  )
  const json = jsonLines((await terminal.metalgap('check', '--json')).stdout)
  expect(json).toMatchObject([{ valid: true, feeds: [{ feed: 'sina' }], rules: [{ raise: '5.50' }] }])
})

test('check tells every mistake with its place and ends with 78', async () => {
  using terminal = openTerminal({
    'metals/silver.yaml': SILVER.replace('sina/xag', 'sina/xagg').replace('[terminal]', '[terminl]'),
  })
  const { code, stdout, stderr } = await terminal.metalgap('check')
  expect({ code, stdout }).toEqual({ code: 78, stdout: '' })
  expect(stderr).toMatch(/silver\.yaml:\d+:\d+ .*xagg/)
  expect(stderr).toMatch(/silver\.yaml:\d+:\d+ .*terminl/)
  const json = await terminal.metalgap('check', '--json')
  expect(json.code).toBe(78)
  const [answer] = jsonLines(json.stdout)
  expect(answer).toMatchObject({ valid: false, findings: [{ line: expect.any(Number) }, {}] })
})

test('schedule prints every poll of a span in UTC and in the zone of the feed, over a change of clocks too', async () => {
  const text = SILVER.replace('sina/usdcny, max_age: 30m', 'ecb/usdcny, max_age: 5d').replaceAll(
    'sina/',
    'lbma/',
  )
  const pair = text.replace('lbma/ag-td', 'sge-benchmark/shag-pm').replace('lbma/xag', 'lbma/silver')
  using terminal = openTerminal({ 'metals/silver.yaml': pair.replace('max_skew: 5m', 'align: date') })
  const span = ['--from', '2026-03-27T15:00:00Z', '--to', '2026-03-30T15:00:00Z']
  const { code, stdout } = await terminal.metalgap('schedule', '--dry-run', ...span, '--json')
  expect(code).toBe(0)
  const polls = jsonLines(stdout)
  expect(polls.map(({ time }) => time)).toEqual(polls.map(({ time }) => time).toSorted())
  expect(polls.filter(({ feed }) => feed === 'ecb').slice(0, 7)).toMatchObject([
    { time: '2026-03-27T15:05:00.000Z', local: '2026-03-27T16:05:00+01:00', zone: 'Europe/Berlin' },
    { local: '2026-03-27T16:20:00+01:00' },
    { local: '2026-03-27T16:40:00+01:00' },
    { local: '2026-03-27T17:05:00+01:00' },
    { local: '2026-03-27T17:20:00+01:00' },
    { local: '2026-03-27T17:40:00+01:00' },
    { time: '2026-03-30T14:05:00.000Z', local: '2026-03-30T16:05:00+02:00' },
  ])
  const lines = await terminal.metalgap('schedule', '--dry-run', ...span)
  expect(lines.stdout.trimEnd().split('\n')).toHaveLength(polls.length)
})

test('schedule alone shows the first of a day and counts the rest; without --dry-run it is wrong usage', async () => {
  using terminal = openTerminal()
  const { stdout, stderr } = await terminal.metalgap('schedule', '--dry-run')
  expect(stdout.trimEnd().split('\n')).toHaveLength(100)
  expect(stderr).toContain('100 of 8,640 polls')
  expect((await terminal.metalgap('schedule')).code).toBe(2)
  const backwards = await terminal.metalgap(
    'schedule',
    '--dry-run',
    '--from',
    '2026-03-02',
    '--to',
    '2026-03-01',
  )
  expect(backwards.code).toBe(2)
})

async function openExchanges(): Promise<Exchanges> {
  const prices = recordedPrices([
    { series: 'sina/xag', at: Date.parse(AT), price: '30.00' },
    { series: 'sina/usdcny', at: Date.parse(AT), price: '7.0000' },
  ])
  const exchanges = await startExchanges({
    prices,
    clock: simulatedClock({ real: () => 0, at: new Date(AT) }),
  })
  onTestFinished(() => exchanges.close())
  return exchanges
}

const feedsAt = (url: string) => ({
  'feeds.yaml': `feeds: { sina: { base_url: ${url} } }\n`,
  'network.yaml': 'allow_private: [127.0.0.0/8]\n',
})

test('feed asks once, prints what is understood, and says what could not be used', async () => {
  const exchanges = await openExchanges()
  using terminal = openTerminal(feedsAt(exchanges.url))
  const { code, stdout, stderr } = await terminal.metalgap('feed', 'sina', '--json')
  expect(code).toBe(0)
  expect(exchanges.asked('sina')).toBe(1)
  expect(jsonLines(stdout)).toMatchObject([
    {
      feed: 'sina',
      quotes: [{ series: 'sina/xag', price: '30.00', at: '2026-03-02T02:00:00.000Z' }, { price: '7.0000' }],
    },
  ])
  expect(stderr).toContain('xau could not be used')
  expect((await terminal.metalgap('feed', 'sina')).stdout).toMatch(/sina\/xag +30\.00 USD\/oz/)
  expect((await terminal.metalgap('feed', 'sina', '--body')).stdout).toMatch(/^var hq_str_/)
})

test('a name that every object has is unknown like others', async () => {
  using terminal = openTerminal()
  for (const name of ['constructor', 'toString']) {
    for (const words of [
      ['feed', name],
      ['feed', 'accept', name],
      ['channel', 'rotate', name],
    ]) {
      const { code, stderr } = await terminal.metalgap(...words)
      expect(stderr).toMatch(new RegExp(`^metalgap: There is no (feed|channel) "${name}"`))
      expect(code).toBe(1)
    }
  }
})

test('of an own source, what feed does is refused with the way to bring its prices', async () => {
  const own = `own:
  smm:
    zone: Asia/Shanghai
    series:
      antimony: { metal: antimony, instrument: Antimony ingot, venue: Shanghai, origin: SMM, kind: assessment, currency: CNY, unit: t, tax_basis: inclusive, fixing_time: "11:00" }
`
  using terminal = openTerminal({ 'feeds.yaml': own })
  for (const words of [
    ['feed', 'smm'],
    ['feed', 'accept', 'smm'],
    ['feed', 'accept', 'smm/antimony'],
  ])
    expect(await terminal.metalgap(...words)).toMatchObject({
      code: 1,
      stderr: 'metalgap: The prices of smm are your own: bring them with metalgap import FILE\n',
    })
})

test('feed ends with 1 when the page is not understood or does not come', async () => {
  const exchanges = await openExchanges()
  using terminal = openTerminal(feedsAt(exchanges.url))
  exchanges.faults.set('sina', 'waf')
  expect(await terminal.metalgap('feed', 'sina')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('not understood: '),
  })
  exchanges.faults.set('sina', '503')
  expect(await terminal.metalgap('feed', 'sina')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('answered 503'),
  })
  expect(await terminal.metalgap('feed', 'sian')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('did you mean "sina"?'),
  })
})

test('channel test goes the way of every alert; a channel that was disabled is enabled again', async () => {
  await using database = await freshDatabase()
  await using hooks = await startDestination()
  hooks.react({ status: 204 }, { status: 500 }, { status: 410 })
  const risk = `{ kind: webhook, url: ${hooks.url}, secrets: [${SECRET}] }`
  using terminal = openTerminal(
    {
      'channels.yaml': `channels: { terminal: { kind: console }, risk: ${risk} }\noperators: [terminal]\n`,
      'network.yaml': 'allow_private: [127.0.0.0/8]\n',
    },
    { DATABASE_URL: database.url },
  )
  const delivered = await terminal.metalgap('channel', 'test', 'risk', '--json')
  expect(delivered.code).toBe(0)
  expect(jsonLines(delivered.stdout)).toMatchObject([
    { delivered: true, status: 204, delivery_id: hooks.received[0]?.headers['webhook-id'] },
  ])
  expect(JSON.parse(hooks.received[0]?.body ?? '')).toMatchObject({
    type: 'channel.test',
    data: { test: true },
  })

  const failed = await terminal.metalgap('channel', 'test', 'risk')
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('answered 500') })

  const disabled = await terminal.metalgap('channel', 'test', 'risk')
  expect(disabled.code).toBe(1)
  expect(disabled.stderr).toContain('It is held until you run: metalgap channel enable risk')
  const held = await terminal.metalgap('channel', 'test', 'risk')
  expect(held).toMatchObject({ code: 1, stderr: expect.stringContaining('metalgap channel enable risk') })
  expect(hooks.received).toHaveLength(3)

  expect((await terminal.metalgap('channel', 'enable', 'risk')).code).toBe(0)
  expect((await terminal.metalgap('channel', 'test', 'risk')).code).toBe(0)
  expect((await terminal.metalgap('channel', 'test', 'rsk')).stderr).toContain('did you mean "risk"?')
  expect((await terminal.metalgap('channel', 'break', 'risk')).code).toBe(2)
})
