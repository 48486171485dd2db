/** After an import: the premiums that its prices make possible. No rule is asked, and the live state of no pair moves. */
import type { Context } from '../context.ts'
import type { Premium } from '../engine/model.ts'
import { legsOf, type PairSpec } from '../engine/spec.ts'
import { newState } from '../engine/state.ts'
import { uses } from '../evaluation.ts'
import { eventsOf } from '../replay/events.ts'
import { fold } from '../replay/replay.ts'
import { addPremiums } from '../store/imported-premiums.ts'
import { knownTicks } from '../store/stored-ticks.ts'
import { correctPremiums } from './corrections.ts'

/** By series what a file spoke of, epoch ms: the times of its prices, and when they were known. */
export type Reach = Map<string, { from: number; to: number; seen_from: number; seen_to: number }>

/** Few, so that nothing of them outlives V8's young generation. */
const AT_ONCE = 100
/** A rate of a date may be followed by legs that are published days later. */
const DATES_MS = 10 * 86_400_000

/** By pair how many were written. What stands already is left alone, but for what a revision corrects. */
export async function writePremiums(context: Context, reach: Reach): Promise<Record<string, number>> {
  const written: Record<string, number> = {}
  for (const spec of Object.values(context.specs)) {
    const touched = [...reach].filter(([series]) => uses(spec, series))
    if (touched.length === 0) continue
    const from = Math.min(...touched.map(([, { seen_from }]) => seen_from))
    const to = Math.max(...touched.map(([, { seen_to }]) => seen_to))
    const added = await addMissing(context, spec, from, to)
    let corrected = 0
    for (const [series, span] of touched)
      corrected += await correctPremiums(context, spec, series, span.from, span.to)
    written[spec.pair] = added + corrected
  }
  return written
}

/** Replays what was known around the imported prices, so that each meets what it was known beside. */
async function addMissing(context: Context, spec: PairSpec, from: number, to: number): Promise<number> {
  const around = Math.max(...legsOf(spec).map((leg) => leg.max_age_ms)) + spec.max_skew_ms
  const margin = spec.align === 'date' ? around + DATES_MS : around
  const quiet: PairSpec = { ...spec, rules: [] }
  const ticks = knownTicks(context.database.url, {
    series: [...new Set(legsOf(spec).map((leg) => leg.facts.series))],
    from: from - margin,
    to: to + margin,
  })
  let state = newState(quiet)
  let written = 0
  let waiting: Premium[] = []
  const flush = async () => {
    const premiums = waiting
    waiting = []
    // in a transaction, where it is planned once: with its months of ticks, planning takes longer than the work
    written += await context.database.transaction((client) =>
      addPremiums(client, spec.pair, context.configuration_id, premiums),
    )
  }
  for await (const events of eventsOf(ticks)) {
    for (const event of events) {
      state = fold(quiet, state, event, ({ premiums }) => {
        for (const premium of premiums) if (premium.seen_at >= from) waiting.push(premium)
      })
      if (waiting.length >= AT_ONCE) await flush()
    }
  }
  await flush()
  return written
}
