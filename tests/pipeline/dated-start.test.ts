/** The first pages of benchmarks bring many dates. Nobody wants to hear of what began and ended before there was anybody to tell. */
import { expect, test } from 'vitest'
import { verifyAll } from '../../src/parity.ts'
import { openWorld, SILVER, type World } from '../world.ts'

const DAILY = (rule = '') => `${SILVER.slice(0, SILVER.indexOf('pairs:'))}
pairs:
  silver-daily:
    east: { series: sge-benchmark/shag-pm, max_age: 5d }
    west: { series: lbma/silver, max_age: 5d }
    fx: { series: ecb/usdcny, max_age: 30d }
    align: date
rules:
  silver-gap: { pair: silver-daily, measure: as_quoted_pct, direction: above, raise: 10, clear: 8, notify: [terminal]${rule} }
`
const DATES = [
  '2026-01-19',
  '2026-01-20',
  '2026-01-21',
  '2026-01-22',
  '2026-01-23',
  '2026-01-26',
  '2026-01-27',
]

/** London at 30.00; Shanghai so that the gap is about so many percent. */
function date(world: World, day: string, percent: number): void {
  const shanghai = ((30 * 7) / 0.0311034768) * (1 + percent / 100)
  const row = (series: string, time: string, price: string) => ({
    series,
    at: Date.parse(`${day}T${time}Z`),
    price,
  })
  world.prices.push(
    row('sge-benchmark/shag-pm', '06:30', shanghai.toFixed(2)),
    row('lbma/silver', '12:00', '30.00'),
  )
}

async function pollAll(world: World): Promise<void> {
  world.clock.step(60_000)
  await world.poll('ecb', 'sge-benchmark', 'lbma')
}

async function start(rule: string, ...percents: number[]): Promise<World> {
  const world = await openWorld('2026-01-27T20:00:00Z', { 'metals/silver.yaml': DAILY(rule) })
  world.prices.push({ series: 'ecb/usdcny', at: Date.parse('2026-01-19T15:00:00Z'), price: '7.0000' })
  percents.forEach((percent, i) => {
    date(world, DATES[i] as string, percent)
  })
  await pollAll(world)
  return world
}

const told = async (world: World) =>
  (
    await world.rows<Record<string, string>>(
      `select type, message #>> '{data,reason}' as reason, round((message #>> '{data,value}')::numeric) as value,
         left(message #>> '{data,began_at}', 10) as began from metalgap.deliveries where type like 'breach.%' order by created_at, sequence`,
    )
  ).map(({ type, reason, value, began }) => `${type} ${reason} ${value} since ${began}`)

test('breaches of past dates are history; their premiums are stored', async () => {
  await using world = await start('', 4, 12, 13, 4, 12, 4, 5)
  expect(await told(world)).toEqual([])
  expect(await world.rows('select from reporting.premiums')).toHaveLength(7)
  expect(await world.rows('select from reporting.breaches')).toEqual([])
  expect(await verifyAll(world.context)).toMatchObject([{ differences: [] }])
})

test('what is still raised is told once, as it stands, and goes on across restarts', async () => {
  await using world = await start('', 12, 4, 4, 12, 13, 12, 14)
  await world.restart({})
  date(world, '2026-01-28', 4)
  world.clock.step(86_400_000)
  await pollAll(world)
  expect(await told(world)).toEqual([
    'breach.raised on-start 14 since 2026-01-22',
    'breach.cleared cleared 4 since 2026-01-22',
  ])
  expect(
    await world.rows(`select b.state, premium_id is not null as has_premium, kind
      from reporting.breaches b join reporting.transitions t using (breach_id) order by sequence`),
  ).toEqual([
    { state: 'cleared', has_premium: true, kind: 'raised' },
    { state: 'cleared', has_premium: true, kind: 'cleared' },
  ])
  expect(await verifyAll(world.context)).toMatchObject([{ differences: [] }])
})

test('with on_start wait it waits until the value was back once', async () => {
  await using world = await start(', on_start: wait', 4, 4, 12, 12, 12, 12, 12)
  for (const [i, percent] of [12, 4, 12].entries()) {
    date(world, `2026-01-${28 + i}`, percent)
    world.clock.step(86_400_000)
    await pollAll(world)
  }
  expect(await told(world)).toEqual(['breach.raised first 12 since 2026-01-30'])
  expect(await verifyAll(world.context)).toMatchObject([{ differences: [] }])
})
