import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import type { SeriesFacts } from '../../src/engine/model.ts'
import { importFiles } from '../../src/import.ts'
import { faultText } from '../../src/price-file.ts'
import { pairHealth } from '../../src/store/health.ts'
import { register, registerMissing } from '../../src/store/register.ts'
import { CHANNELS, configFrom } from '../config.ts'
import { openWorld, SILVER } from '../world.ts'
import { DAILY, type Desk, openDesk } from './desk.ts'

const HEADER = 'date,series,price'
const OWN_BROKER = `own:
  broker:
    zone: Europe/London
    series:
      silver: { metal: silver, instrument: Silver of a broker, venue: London, origin: Broker, kind: assessment, currency: USD, unit: oz, tax_basis: none, fixing_time: "12:00" }
`
const THREE_DAYS = [
  HEADER,
  '2025-06-02,sge-benchmark/shag-pm,8200',
  '2025-06-02,lbma/silver,30.00',
  '2025-06-02,ecb/usdcny,7.1000',
  '2025-06-03,sge-benchmark/shag-pm,8300',
  '2025-06-03,lbma/silver,30.50',
  '2025-06-03,ecb/usdcny,7.1000',
]

test('a file of dates becomes ticks that were known when their source usually publishes, and premiums', async () => {
  await using desk = await openDesk(DAILY)
  const imported = await desk.load(THREE_DAYS)
  expect(imported).toMatchObject({ read: 6, new: 6, revised: 0, known: 0, refused: 0 })
  expect(imported.premiums).toEqual({ 'silver-live': 2 })
  const ticks = await desk.rows(
    "select at, seen_at, price, fetch_id, stored_at > seen_at as later from metalgap.ticks where series = 'lbma/silver' order by at",
  )
  expect(ticks[0]).toEqual({
    at: new Date('2025-06-02T11:00:00Z'),
    seen_at: new Date('2025-06-02T23:00:00Z'),
    price: '30.00',
    fetch_id: null,
    later: true,
  })
  const premiums = await desk.rows('select as_quoted_usd, time from reporting.premiums order by time')
  expect(premiums.map(({ as_quoted_usd }) => as_quoted_usd)).toEqual(['5.922325', '5.860402'])
})

test('an import tells how far it is, its premiums included', async () => {
  await using desk = await openDesk(DAILY)
  const lines: string[] = []
  await desk.load(THREE_DAYS, { progress: (line) => lines.push(line.replace(/^.*\//, '')) })
  expect(lines).toEqual(['prices.csv: 6 rows read, 6 prices new', 'silver-live: 2 premiums written'])
})

test('the same file twice is no news', async () => {
  await using desk = await openDesk(DAILY)
  await desk.load(THREE_DAYS)
  const again = await desk.load(THREE_DAYS)
  expect(again).toMatchObject({ read: 6, new: 0, revised: 0, known: 6, premiums: { 'silver-live': 0 } })
})

test('a premium is written by whichever file brings the last of its prices', async () => {
  await using desk = await openDesk(DAILY)
  const of = (series: string) => [HEADER, ...THREE_DAYS.filter((line) => line.includes(series))]
  expect((await desk.load(of('lbma'))).premiums).toEqual({ 'silver-live': 0 })
  expect((await desk.load(of('ecb'))).premiums).toEqual({ 'silver-live': 0 })
  expect((await desk.load(of('shag'))).premiums).toEqual({ 'silver-live': 2 })
})

test('another price for the same time is a revision, which corrects the premium and keeps the old one', async () => {
  await using desk = await openDesk(DAILY)
  await desk.load(THREE_DAYS)
  const corrected = [HEADER, '2025-06-02,lbma/silver,31.00']
  expect(await desk.load(corrected)).toMatchObject({ new: 0, revised: 1, premiums: { 'silver-live': 1 } })
  expect(await desk.load(corrected)).toMatchObject({ revised: 0, premiums: { 'silver-live': 0 } })
  const premiums = await desk.rows(
    'select as_quoted_usd, standing, superseded_at is null as stands from metalgap.premiums order by premium_id',
  )
  expect(premiums).toEqual([
    { as_quoted_usd: '5.922325', standing: 'observation', stands: false },
    { as_quoted_usd: '5.860402', standing: 'observation', stands: true },
    { as_quoted_usd: '4.922325', standing: 'correction', stands: true },
  ])
})

test('a file that says when a price was known is believed, and its revisions stand in that order', async () => {
  await using desk = await openDesk(DAILY)
  const lines = [
    'time,series,price,known_at',
    '2025-06-02T11:00:00Z,lbma/silver,30.00,2025-06-02T12:00:00Z',
    '2025-06-02T11:00:00Z,lbma/silver,31.00,2025-06-03T12:00:00Z',
    '2025-06-02T11:00:00Z,lbma/silver,30.00,2025-06-04T12:00:00Z',
  ]
  expect(await desk.load(lines)).toMatchObject({ new: 1, revised: 2 })
  expect(await desk.load(lines)).toMatchObject({ new: 0, revised: 0, known: 3 })
  const ticks = await desk.rows('select revision, price, seen_at from metalgap.ticks order by revision')
  expect(ticks.map(({ revision, price }) => `${revision} ${price}`)).toEqual([
    '1 30.00',
    '2 31.00',
    '3 30.00',
  ])
  expect(ticks[2]?.['seen_at']).toEqual(new Date('2025-06-04T12:00:00Z'))
})

test('of the prices of one time the one that was known last stands, whatever the order of lines and files', async () => {
  await using desk = await openDesk(DAILY)
  const header = 'time,series,price,known_at'
  const known = (price: string, day: number) =>
    `2025-06-02T11:00:00Z,lbma/silver,${price},2025-06-0${day}T12:00:00Z`
  const stored = async () =>
    (await desk.rows('select price, seen_at from metalgap.ticks order by revision')).map(
      ({ price, seen_at }) => `${price} ${new Date(seen_at as string).getUTCDate()}`,
    )
  const lines = [header, known('30.00', 6), known('31.00', 5), known('30.00', 3)]
  expect(await desk.load(lines)).toMatchObject({ new: 1, revised: 2 })
  expect(await stored()).toEqual(['30.00 3', '31.00 5', '30.00 6'])
  const before = [header, known('29.00', 4)]
  expect(await desk.load(before)).toMatchObject({ new: 0, revised: 1, known: 0 })
  expect(await stored()).toEqual(['30.00 3', '31.00 5', '30.00 6', '29.00 4', '30.00 6'])
  expect(await desk.load(before)).toMatchObject({ new: 0, revised: 0, known: 1 })
  expect(await desk.load(lines)).toMatchObject({ new: 0, revised: 0, known: 3 })
})

test('rows that are wrong are refused by their lines, and the others are kept', async () => {
  await using desk = await openDesk(DAILY)
  const imported = await desk.load([
    HEADER,
    '2025-06-02,lbma/silver,0',
    '2025-06-02,lbma/silvr,30',
    '2027-01-01,lbma/silver,30',
    '1802-01-01,lbma/silver,30',
    '2025-06-02,lbma/silver,30',
    'NaN',
  ])
  expect(imported).toMatchObject({ read: 6, new: 1, refused: 5 })
  expect(imported.faults.map(({ line, problem }) => `${line} ${problem}`)).toEqual([
    '2 price: found "0", expected a positive decimal number such as 118.80',
    '3 series: found "lbma/silvr" (did you mean "lbma/silver"?), expected one of a feed, or of own in feeds.yaml',
    '4 time: 2027-01-01 lies in the future',
    '5 time: found 1802-01-01, expected one from 1970 on',
    '7 found 1 field, expected 3: date,series,price',
  ])
})

test('a file that cannot be read on is refused from there, what stood before it and the other files are kept', async () => {
  await using desk = await openDesk(DAILY)
  const folder = await mkdtemp(join(tmpdir(), 'metalgap-import-'))
  const [cut, odd, good] = [join(folder, 'cut.csv'), join(folder, 'odd.csv'), join(folder, 'good.csv')]
  await writeFile(cut, `${HEADER}\n2025-06-02,lbma/silver,30\n${'x'.repeat(2 ** 21)}`)
  await writeFile(odd, 'Date,USD\n2025-06-02,30\n')
  await writeFile(good, `${HEADER}\n2025-06-03,lbma/silver,31\n`)
  const files = [cut, odd, folder, good]
  const imported = await importFiles(desk.context, files, { quarantine: false, progress: () => {} })
  expect(imported).toMatchObject({ read: 2, new: 2, refused: 3 })
  expect(imported.faults.map((fault) => faultText(fault).replace(folder, ''))).toEqual([
    '/cut.csv:3: the line has no end',
    expect.stringMatching(/^\/odd.csv:1: found the header "Date,USD", expected price/),
    ': it is a folder, expected a file',
  ])
})

test('where a file is not there nothing is loaded', async () => {
  await using desk = await openDesk(DAILY)
  const file = join(await mkdtemp(join(tmpdir(), 'metalgap-import-')), 'good.csv')
  await writeFile(file, `${HEADER}\n2025-06-03,lbma/silver,31\n`)
  const importing = importFiles(desk.context, [file, `${file}.gz`], { quarantine: false, progress: () => {} })
  await expect(importing).rejects.toThrow(`${file}.gz: there is no such file`)
  expect(await desk.rows('select from metalgap.ticks')).toEqual([])
})

const JUMP = [
  HEADER,
  '2025-06-02,lbma/silver,30',
  '2025-06-03,lbma/silver,30000',
  '2025-06-04,lbma/silver,31',
]

test('prices that moved too far are told with their lines, and a file is taken at its word', async () => {
  await using desk = await openDesk(DAILY)
  const imported = await desk.load(JUMP)
  expect(imported.new).toBe(3)
  expect(imported.suspects.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    '3 30000 moved 99900.0 % from 30, 20 % allowed; 1000 times looks like a mistaken unit',
    '4 31 moved -99.9 % from 30000, 20 % allowed',
  ])
  expect(await desk.rows('select from metalgap.ticks where quarantined is not null')).toEqual([])
})

test('or they are stored as disbelieved, where that is asked for', async () => {
  await using desk = await openDesk(DAILY)
  const imported = await desk.load(JUMP, { quarantine: true })
  expect(imported.suspects.map(({ line }) => line)).toEqual([3])
  const doubted = await desk.rows('select price from metalgap.ticks where quarantined is not null')
  expect(doubted).toEqual([{ price: '30000' }])
})

test('nothing is told of imported history, and the live state of a pair stays as it was', async () => {
  await using desk = await openDesk(DAILY)
  const before = await desk.rows('select state, folded from metalgap.pairs')
  await desk.load(THREE_DAYS)
  expect(await desk.rows('select state, folded from metalgap.pairs')).toEqual(before)
  expect(await desk.rows('select from metalgap.breaches')).toEqual([])
  expect(await desk.rows('select from metalgap.deliveries')).toEqual([])
})

test('whoever imports with another configuration leaves what a process lives by in force', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  const other = await configFrom({
    'metals/silver.yaml': SILVER.replaceAll('silver-live', 'silver-other'),
    'channels.yaml': CHANNELS,
  })
  await registerMissing(world.database, other)
  const pairs = await world.rows('select pair, enabled from metalgap.pairs order by pair')
  expect(pairs).toEqual([
    { pair: 'silver-live', enabled: true },
    { pair: 'silver-other', enabled: false },
  ])
})

test('prices of a source that no feed has, and only the configuration describes, are imported and compared', async () => {
  await using desk = await openDesk(DAILY.replace('lbma/silver', 'broker/silver'), OWN_BROKER)
  await desk.load(['date,price', '2026-01-26,7.0'], { series: 'ecb/usdcny' })
  await desk.load(['date,price', '2026-01-26,8000'], { series: 'sge-benchmark/shag-pm' })
  await desk.load(['date,price', '2026-01-26,30.00'], { series: 'broker/silver' })
  expect(await desk.rows("select series, time, price from reporting.prices where feed = 'broker'")).toEqual([
    { series: 'broker/silver', time: new Date('2026-01-26T12:00:00Z'), price: '30.00' },
  ])
  const [premium] = await desk.rows('select pair, west_usd from reporting.premiums')
  expect(premium).toEqual({ pair: 'silver-live', west_usd: '30.000000' })
  expect(await desk.rows("select enabled from metalgap.feeds where feed = 'broker'")).toEqual([
    { enabled: false },
  ])
  expect(await importedPairs(desk)).toEqual(['silver-live'])
})

test('a pair whose history was imported, and that feeds poll from now on, is not one of imported prices', async () => {
  await using desk = await openDesk(DAILY)
  await desk.load([
    HEADER,
    '2026-01-26,ecb/usdcny,7',
    '2026-01-26,lbma/silver,30',
    '2026-01-26,sge-benchmark/shag-pm,8000',
  ])
  expect(await desk.rows('select pair from reporting.premiums')).toHaveLength(1)
  expect(await importedPairs(desk)).toEqual([])
})

test('a pair that may be compared with a source that is polled is not one of imported prices', async () => {
  const both = '[{ series: broker/silver, max_age: 5d }, { series: lbma/silver, max_age: 5d }]'
  const silver = DAILY.replace(/west: \{.*\}/, `west: ${both}`)
  await using desk = await openDesk(silver, OWN_BROKER)
  await desk.load([
    HEADER,
    '2026-01-26,ecb/usdcny,7',
    '2026-01-26,broker/silver,30',
    '2026-01-26,sge-benchmark/shag-pm,8000',
  ])
  expect(await desk.rows('select pair from reporting.premiums')).toHaveLength(1)
  expect(await importedPairs(desk)).toEqual([])
})

/** As `metalgap start` finds them: what it watches is enabled. */
async function importedPairs(desk: Desk): Promise<string[]> {
  await desk.context.database.query('update metalgap.pairs set enabled = true')
  const pairs = await pairHealth(desk.context.database)
  return pairs.filter(({ is_imported }) => is_imported).map(({ pair }) => pair)
}

test('a row of a series that is called as what every object has is refused like any other', async () => {
  await using desk = await openDesk(DAILY)
  const { refused } = await desk.load([HEADER, '2026-01-26,constructor,30', '2026-01-26,toString,30'])
  expect(refused).toBe(2)
})

test('prices keep the currency and the unit in which they were imported', async () => {
  await using desk = await openDesk(DAILY)
  await desk.load(['date,price', '2026-01-26,30.00'], { series: 'lbma/silver' })
  const { config, database } = desk.context
  const quoted = (unit: 'kg' | 'oz'): Config => {
    const facts = { ...(config.series['lbma/silver'] as SeriesFacts), unit }
    return { ...config, series: { ...config.series, 'lbma/silver': facts } }
  }
  const refusal = {
    exitCode: 78,
    message: expect.stringMatching(
      /^lbma\/silver: quoted in USD\/kg, but its prices are stored in USD\/oz\nPut /,
    ),
  }
  await expect(register(database, quoted('kg'))).rejects.toMatchObject(refusal)
  await expect(registerMissing(database, quoted('kg'))).rejects.toMatchObject(refusal)
  await register(database, quoted('oz'))
})
