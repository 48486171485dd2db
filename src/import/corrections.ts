/** Premiums that stand on a price which a file has corrected are worked out anew; the old ones stay, superseded. */
import type { Context } from '../context.ts'
import type { Premium, Tick } from '../engine/model.ts'
import { computePremium } from '../engine/premium.ts'
import type { PairSpec } from '../engine/spec.ts'
import { type Outdated, outdatedPremiums } from '../store/outdated-premiums.ts'
import { insertPremiums } from '../store/premiums.ts'
import { ticksById } from '../store/ticks.ts'

const AT_ONCE = 1_000

/** `from` and `to` are times of prices, epoch ms; answers how many premiums were corrected. */
export async function correctPremiums(
  { database, configuration_id }: Context,
  spec: PairSpec,
  series: string,
  from: number,
  to: number,
): Promise<number> {
  const asked = { pair: spec.pair, series, from: new Date(from), to: new Date(to), limit: AT_ONCE }
  let corrected = 0
  for (let after = 0; ; ) {
    const outdated = await outdatedPremiums(database, { ...asked, after })
    const last = outdated.at(-1)
    if (last === undefined) return corrected
    after = last.premium_id
    const ids = outdated.flatMap(({ east, west, fx }) => (fx === null ? [east, west] : [east, west, fx]))
    const ticks = await ticksById(database, ids)
    const premiums = outdated.flatMap((one) => anew(spec, one, ticks) ?? [])
    if (premiums.length > 0)
      await database.transaction((client) => insertPremiums(client, spec, configuration_id, premiums))
    corrected += premiums.length
  }
}

/** Null where the configuration no longer has one of the legs. */
function anew(spec: PairSpec, outdated: Outdated, ticks: ReadonlyMap<number, Tick>): Premium | null {
  const east = ticks.get(outdated.east)
  const west = ticks.get(outdated.west)
  const fx = outdated.fx === null ? null : ticks.get(outdated.fx)
  const east_spec = spec.east.find((leg) => leg.facts.series === east?.series)
  const west_spec = spec.west.find((leg) => leg.facts.series === west?.series)
  if (!east || !west || fx === undefined || !east_spec || !west_spec) return null
  const seen_at = Math.max(east.seen_at, west.seen_at, fx?.seen_at ?? 0)
  return computePremium({ east_spec, west_spec, east, west, fx }, seen_at, 'correction')
}
