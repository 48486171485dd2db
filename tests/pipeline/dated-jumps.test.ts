import { expect, test } from 'vitest'
import { openWorld, SILVER, type World } from '../world.ts'

// A benchmark's page repeats its last ten dates, so every poll says the last good price again before the one that jumped.
const DAILY = SILVER.slice(0, SILVER.indexOf('pairs:')).concat(`
pairs:
  silver-daily:
    east: { series: sge-benchmark/shag-pm, max_age: 5d }
    west: { series: lbma/silver, max_age: 5d }
    fx: { series: ecb/usdcny, max_age: 5d }
    plausible_premium: [-50%, 100%]
    align: date
`)
const FRIDAY = '2026-01-30'

const row = (date: string, series: string, time: string, price: string) => ({
  series,
  at: Date.parse(`${date}T${time}Z`),
  price,
})
const day = (date: string, shanghai: string, london: string) => [
  row(date, 'sge-benchmark/shag-pm', '06:30', shanghai),
  row(date, 'lbma/silver', '12:00', london),
  row(date, 'ecb/usdcny', '15:00', '7.0000'),
]

async function pollAll(world: World): Promise<void> {
  world.clock.step(600_000)
  await world.poll('ecb', 'sge-benchmark', 'lbma')
}

const doubted = (world: World) =>
  world.rows(
    "select time::date::text as date, price::text from reporting.price_revisions where series = 'lbma/silver' and quarantined order by time",
  )
const comparability = async (world: World) =>
  (await world.rows<{ state: string }>('select state from reporting.comparability where until is null'))[0]
    ?.state

async function openFriday(): Promise<World> {
  const world = await openWorld(`${FRIDAY}T20:00:00Z`, { 'metals/silver.yaml': DAILY })
  world.prices.push(...day('2026-01-29', '27000.00', '117.00'))
  await pollAll(world)
  return world
}

test('a benchmark that fell by a third stays implausible for two polls and is believed at the third', async () => {
  await using world = await openFriday()
  world.prices.push(...day(FRIDAY, '18500.00', '79.00'))
  await pollAll(world)
  await pollAll(world)
  expect(await comparability(world)).toBe('implausible')
  expect(await world.rows('select from reporting.premiums')).toHaveLength(1)
  await pollAll(world)
  expect(await comparability(world)).toBe('comparable')
  expect(await world.rows('select time::date::text as date from reporting.premiums order by time')).toEqual([
    { date: '2026-01-29' },
    { date: FRIDAY },
  ])
})

test('several dates of one page that jumped are one poll, not several', async () => {
  await using world = await openFriday()
  world.clock.step(5 * 86_400_000)
  const dates = [FRIDAY, '2026-02-02', '2026-02-03', '2026-02-04']
  for (const date of dates) world.prices.push(...day(date, '18500.00', '79.00'))
  await pollAll(world)
  expect((await doubted(world)).map(({ date }) => date)).toEqual(dates)
  await pollAll(world)
  expect(await world.rows('select from reporting.premiums')).toHaveLength(1)
  await pollAll(world)
  expect(await world.rows('select from reporting.premiums')).toHaveLength(5)
})
