/** After an import: the premiums that its prices make possible. No rule is asked, and the live state of no pair moves. */
import type { Context } from '../context.ts'
import type { Step } from '../engine/engine.ts'
import { legsOf, type PairSpec } from '../engine/spec.ts'
import { newState } from '../engine/state.ts'
import { uses } from '../evaluation.ts'
import { eventsOf } from '../replay/events.ts'
import { fold } from '../replay/replay.ts'
import { newPremiumBatch, openPremiumStaging } from '../store/premium-staging.ts'
import { knownTicks } from '../store/stored-ticks.ts'
import { counted } from '../text.ts'
import { correctPremiums } from './corrections.ts'
import { openTurns } from './turns.ts'

/** By series what a file spoke of, epoch ms: the times of its prices, and when they were known. */
export type Reach = Map<string, { from: number; to: number; seen_from: number; seen_to: number }>

/** Their lines are four times as long as those of prices. */
const BATCH = 1_000
/** A rate of a date may be followed by legs that are published days later. */
const DATES_MS = 10 * 86_400_000

/** By pair how many were written. What stands already is left alone, but for what a revision corrects. */
export async function writePremiums(
  context: Context,
  reach: Reach,
  progress: (line: string) => void,
): Promise<Record<string, number>> {
  const written: Record<string, number> = {}
  for (const spec of Object.values(context.specs)) {
    const touched = [...reach].filter(([series]) => uses(spec, series))
    if (touched.length === 0) continue
    const from = Math.min(...touched.map(([, { seen_from }]) => seen_from))
    const to = Math.max(...touched.map(([, { seen_to }]) => seen_to))
    const added = await addMissing(context, spec, from, to, progress)
    let corrected = 0
    for (const [series, span] of touched)
      corrected += await correctPremiums(context, spec, series, span.from, span.to)
    written[spec.pair] = added + corrected
  }
  return written
}

/** Replays what was known around the imported prices, so that each meets what it was known beside. */
async function addMissing(
  context: Context,
  spec: PairSpec,
  from: number,
  to: number,
  progress: (line: string) => void,
): Promise<number> {
  const around = Math.max(...legsOf(spec).map((leg) => leg.max_age_ms)) + spec.max_skew_ms
  const margin = spec.align === 'date' ? around + DATES_MS : around
  const quiet: PairSpec = { ...spec, rules: [] }
  const ticks = knownTicks(context.database.url, {
    series: [...new Set(legsOf(spec).map((leg) => leg.facts.series))],
    from: from - margin,
    to: to + margin,
  })
  await using staging = await openPremiumStaging(context.database.url, spec.pair, context.configuration_id)
  let written = 0
  const turns = openTurns(newPremiumBatch, BATCH, async (batch) => {
    written += await staging.load(batch)
    progress(`${spec.pair}: ${counted(written, 'premium')} written`)
  })
  let full: Promise<void> | null = null
  const take = ({ premiums }: Step) => {
    for (const premium of premiums)
      if (premium.standing !== 'correction' && premium.seen_at >= from) full = turns.add(premium) ?? full
  }
  let state = newState(quiet)
  for await (const events of eventsOf(ticks)) {
    for (const event of events) {
      state = fold(quiet, state, event, take)
      if (full !== null) await full
      full = null
    }
  }
  await turns.end()
  return written
}
