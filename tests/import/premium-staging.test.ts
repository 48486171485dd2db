import { expect, test } from 'vitest'
import type { Premium, Tick } from '../../src/engine/model.ts'
import { computePremium } from '../../src/engine/premium.ts'
import type { LegSpec, PairSpec } from '../../src/engine/spec.ts'
import { newPremiumBatch, openPremiumStaging } from '../../src/store/premium-staging.ts'
import { DAILY, type Desk, openDesk } from './desk.ts'

const PRICES = [
  'date,series,price',
  '2025-06-02,sge-benchmark/shag-pm,8200',
  '2025-06-02,lbma/silver,30.00',
  '2025-06-02,ecb/usdcny,7.1',
  '2025-06-03,ecb/usdcny,7.05',
]

/** The premium of the two prices, with each of the rates, as a live pair may observe them. */
async function observedTwice(desk: Desk) {
  await desk.load(PRICES)
  await desk.rows('truncate metalgap.premiums cascade')
  const ticks = await desk.rows<Tick>(
    `select tick_id, series, extract(epoch from at)::float8 * 1000 as at, extract(epoch from seen_at)::float8 * 1000
      as seen_at, price::float8 as price, revision, quarantined from metalgap.ticks order by tick_id`,
  )
  const [east_tick, west_tick, ...rates] = ticks as [Tick, Tick, Tick, Tick]
  return rates.map((fx) => premiumOf(desk, east_tick, west_tick, fx))
}

function premiumOf(desk: Desk, east: Tick, west: Tick, fx: Tick): Premium {
  const spec = desk.context.specs['silver-live'] as PairSpec
  const [east_spec, west_spec] = [spec.east[0] as LegSpec, spec.west[0] as LegSpec]
  return computePremium({ east_spec, west_spec, east, west, fx }, fx.seen_at, 'observation')
}

test.for([[2], [1, 1]])(
  'of premiums of the same prices the first is stored, in batches of %o',
  async (sizes) => {
    await using desk = await openDesk(DAILY)
    const premiums = await observedTwice(desk)
    const { database, configuration_id } = desk.context
    await using staging = await openPremiumStaging(database.url, 'silver-live', configuration_id)
    const written: number[] = []
    for (const size of sizes) {
      const batch = newPremiumBatch()
      for (const premium of premiums.splice(0, size)) batch.add(premium)
      written.push(await staging.load(batch))
    }
    expect(written).toEqual(sizes.map((_, i) => (i === 0 ? 1 : 0)))
    expect(await desk.rows('select usdcny, spell_ms from metalgap.premiums')).toEqual([
      { usdcny: '7.1', spell_ms: null },
    ])
  },
)

test('a premium of another source, with prices of the same times, is stored beside it', async () => {
  await using desk = await openDesk(DAILY)
  const [premium] = await observedTwice(desk)
  const { database, configuration_id } = desk.context
  await desk.rows(
    `insert into metalgap.ticks (series, at, revision, price, seen_at)
     select 'sge-benchmark/shag-am', at, 1, price, seen_at from metalgap.ticks where series = 'sge-benchmark/shag-pm'`,
  )
  const [other] = await desk.rows<{ tick_id: number }>(
    "select tick_id from metalgap.ticks where series = 'sge-benchmark/shag-am'",
  )
  const ours = premium as Premium
  const east = { ...ours.east, ...other, series: 'sge-benchmark/shag-am' }
  const theirs = premiumOf(desk, east, ours.west, ours.fx as Tick)
  await using staging = await openPremiumStaging(database.url, 'silver-live', configuration_id)
  const load = (premiums: readonly Premium[]) => {
    const batch = newPremiumBatch()
    for (const each of premiums) batch.add(each)
    return staging.load(batch)
  }
  expect(await load([ours])).toBe(1)
  expect(await load([ours, theirs])).toBe(1)
  expect(await load([theirs, ours])).toBe(0)
})
