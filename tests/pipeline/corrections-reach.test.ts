/** Which premiums and which rules a correction reaches, where prices come late, from files, or while nothing is compared. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { backtest } from '../../src/backtest/backtest.ts'
import { storedSource } from '../../src/backtest/source.ts'
import { importFiles } from '../../src/import.ts'
import { verifyAll } from '../../src/parity.ts'
import { evaluate } from '../../src/pipeline.ts'
import { eastOf } from '../prices.ts'
import { gapAt, openWorld, pollAt, quote, SILVER, type World } from '../world.ts'

const DAY = '2026-03-02'
const SGE = 'sge-delayed/ag-td'

/** What the source shows for one poll: nothing that is newer than this price. */
async function goBack(world: World, series: string, at: string, price: string, seen: string): Promise<void> {
  const made = Date.parse(at)
  const whole = world.prices.filter((one) => one.series !== series || one.at !== made)
  whole.push({ series, at: made, price, known_at: made })
  const shown = whole.filter((one) => one.series !== series || one.at <= made)
  world.prices.splice(0, Number.POSITIVE_INFINITY, ...shown)
  await pollAt(world, seen, series.split('/')[0] as string)
  world.prices.splice(0, Number.POSITIVE_INFINITY, ...whole)
}

const kinds = async (world: World) =>
  (await world.rows<{ kind: string }>('select kind from metalgap.transitions order by seen_at')).map(
    ({ kind }) => kind,
  )
const rows = (world: World) =>
  world.rows(
    `select standing, round(as_quoted_usd, 1)::text as gap, superseded_at is null as stands
     from metalgap.premiums order by premium_id`,
  )

test('What a file brought into a hole was told to no rule: a correction folds none of it', async () => {
  await using world = await openWorld(`${DAY}T10:00:00Z`)
  for (const time of ['10:01', '10:02', '10:20']) await gapAt(world, time, 6)
  const file = join(await mkdtemp(join(tmpdir(), 'metalgap-hole-')), 'hole.csv')
  const hole = { 'sina/ag-td': eastOf(4), 'sina/xag': '30.00', 'sina/usdcny': '7.0000' }
  const lines = Object.entries(hole).map(([series, price]) => `${DAY}T10:10:00Z,${series},${price}`)
  await writeFile(file, ['time,series,price', ...lines].join('\n'))
  await importFiles(world.context, [file], { quarantine: false, progress: () => {} })
  expect(await world.rows('select from metalgap.premiums')).toHaveLength(4)
  await goBack(world, 'sina/ag-td', `${DAY}T10:02:00Z`, eastOf(6.2), '10:21')
  expect(await kinds(world)).toEqual(['raised'])
})

test('A late premium that is corrected before it is stored gets its correction', async () => {
  const list = `[{ series: ${SGE}, max_age: 45m }, { series: sina/ag-td, max_age: 45m }]`
  await using world = await openWorld(`${DAY}T10:00:00Z`, {
    'metals/silver.yaml': SILVER.replace('{ series: sina/ag-td, max_age: 45m }', list),
  })
  await goBack(world, SGE, `${DAY}T09:50:00Z`, eastOf(4), '09:51')
  await gapAt(world, '09:58', 4)
  await gapAt(world, '10:05', 4)
  await world.rows("update metalgap.pairs set last_error = 'the engine failed'")
  await goBack(world, SGE, `${DAY}T09:58:00Z`, eastOf(4.2), '10:06')
  await goBack(world, SGE, `${DAY}T09:58:00Z`, eastOf(4.4), '10:07')
  expect(await rows(world)).toHaveLength(2)
  await evaluate(world.context, 'silver-live')
  expect((await rows(world)).slice(2)).toEqual([
    { standing: 'late', gap: '4.2', stands: false },
    { standing: 'correction', gap: '4.4', stands: true },
  ])
})

test('A rate that came late, between a corrected one and the premiums that used that, hides none of them', async () => {
  await using world = await openWorld('2026-02-27T08:00:00Z', {
    'metals/silver.yaml': SILVER.replace('sina/ag-td, max_age: 45m', `${SGE}, max_age: 45m`),
  })
  quote(world, '08:00', { 'sina/usdcny': '7.0000' })
  await pollAt(world, '08:00')
  world.clock.set(new Date(`${DAY}T09:10:00Z`))
  quote(world, '09:10', { 'sina/xag': '30.00' })
  world.prices.push({ series: SGE, at: Date.parse(`${DAY}T09:10:00Z`), price: eastOf(4), known_at: 0 })
  await pollAt(world, '09:12')
  quote(world, '09:19', { 'sina/usdcny': '7.0000', 'sina/xag': '30.00' })
  await pollAt(world, '09:20', 'sina', 'sge-delayed')
  await goBack(world, 'sina/usdcny', '2026-02-28T08:00:00Z', '6.9900', '09:21')
  await goBack(world, 'sina/usdcny', '2026-02-27T08:00:00Z', '6.9500', '09:22')
  expect(
    await world.rows('select usdcny::text, standing from metalgap.premiums order by premium_id'),
  ).toEqual([
    { usdcny: '7', standing: 'observation' },
    { usdcny: '6.95', standing: 'correction' },
  ])
})

const DATED = `${SILVER.slice(0, SILVER.indexOf('pairs:'))}
pairs:
  silver-daily:
    east: { series: sge-benchmark/shag-pm, max_age: 2d }
    west: { series: lbma/silver, max_age: 2d }
    fx: { series: ecb/usdcny, max_age: 5d }
    align: date
rules:
  silver-jump: { pair: silver-daily, measure: { change: as_quoted_usd, over: 3d }, direction: above, raise: 1.50, clear: 0.50, severity: warning, notify: [terminal] }
`

test('A date that was observed while its pair was stale is no part of a window, after a correction either', async () => {
  await using world = await openWorld('2026-01-26T20:00:00Z', { 'metals/silver.yaml': DATED })
  const publish = (date: string, gap: number) =>
    world.prices.push(
      {
        series: 'sge-benchmark/shag-pm',
        at: Date.parse(`${date}T06:30:00Z`),
        price: eastOf(gap),
        known_at: 0,
      },
      { series: 'lbma/silver', at: Date.parse(`${date}T12:00:00Z`), price: '30.00', known_at: 0 },
      { series: 'ecb/usdcny', at: Date.parse(`${date}T15:00:00Z`), price: '7.0000', known_at: 0 },
    )
  const seen = async (date: string) => {
    world.clock.set(new Date(`${date}T20:00:00Z`))
    await world.poll('ecb', 'lbma', 'sge-benchmark')
  }
  publish('2026-01-26', 4)
  await seen('2026-01-26')
  publish('2026-01-27', 5)
  await seen('2026-01-30')
  publish('2026-01-30', 4.2)
  await seen('2026-01-30')
  const first = world.prices[0] as World['prices'][number]
  first.price = eastOf(4.1)
  await seen('2026-01-30')
  publish('2026-01-31', 6)
  await seen('2026-01-31')
  expect(await world.rows('select round(value, 1)::text as value from metalgap.transitions')).toEqual([
    { value: '1.9' },
  ])
  const source = storedSource(world.database.url, { from: null, to: null })
  const { rules } = await backtest(world.context.config, source, { rule: null, budget: null })
  expect(rules[0]?.breaches.map(({ value }) => value.toFixed(1))).toEqual(['1.9'])
  expect((await verifyAll(world.context)).map(({ differences }) => differences)).toEqual([[]])
})
