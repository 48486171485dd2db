import { expect, test } from 'vitest'
import type { Tick } from '../../src/engine/model.ts'
import { computePremium } from '../../src/engine/premium.ts'
import type { PairSpec } from '../../src/engine/spec.ts'
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
  const { east, west } = desk.context.specs['silver-live'] as PairSpec
  const ticks = await desk.rows<Tick>(
    `select tick_id, series, extract(epoch from at)::float8 * 1000 as at, extract(epoch from seen_at)::float8 * 1000
      as seen_at, price::float8 as price, revision, quarantined from metalgap.ticks order by tick_id`,
  )
  const [east_tick, west_tick, ...rates] = ticks as [Tick, Tick, Tick, Tick]
  const specs = { east_spec: east[0] as PairSpec['east'][0], west_spec: west[0] as PairSpec['west'][0] }
  return rates.map((fx) =>
    computePremium({ ...specs, east: east_tick, west: west_tick, fx }, fx.seen_at, 'observation'),
  )
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
