/** What was observed from the first breaching price to the one that met the hold, with the values that the rule saw. */
import { measured, remember } from '../engine/measured.ts'
import { text6 } from '../engine/round.ts'
import type { RuleState } from '../engine/state.ts'
import { SLOTS } from '../engine/window.ts'
import { readMeasure } from '../measure.ts'
import {
  type BreachStory,
  type HoldObservation,
  observationsOfHold,
  raisedBy,
} from '../store/breach-story.ts'
import type { Database } from '../store/database.ts'
import { observationsSince, slotsBetween } from '../store/observations.ts'

/** Legs and rates of one premium lie no further apart. */
const SPAN_MS = 10 * 86_400_000

/** A measure over history is worked out again from what was stored when it was raised. */
export async function holdOf(database: Database, breach: BreachStory): Promise<HoldObservation[]> {
  const { measure, window } = readMeasure(breach.measure)
  const until = window === null ? null : await raisedBy(database, breach.breach_id)
  if (window === null || until === null) return observationsOfHold(database, breach)
  const is_dated = breach.configuration.pairs[breach.pair]?.align === 'date'
  const asked = { pair: breach.pair, is_dated, span_ms: SPAN_MS, until }
  const [to, raised] = [breach.began_at.getTime(), breach.raised_at.getTime()]
  const from = to - window.over_ms * (1 + 1 / SLOTS)
  const state: Pick<RuleState, 'slots'> = {}
  for (const each of await slotsBetween(database, asked, window, { from, to }))
    remember(measure, window, state, each)
  return (await observationsSince(database, asked, to)).flatMap((premium) => {
    const value = premium.time > raised ? null : measured({ measure, window }, state, premium)
    remember(measure, window, state, premium)
    if (value === null || !isBeyond(breach, value)) return []
    return [{ premium_id: premium.premium_id, time: new Date(premium.time), value: text6(value) }]
  })
}

function isBeyond({ direction, raise }: BreachStory, value: number): boolean {
  return direction === 'above' ? value >= Number(raise) : value <= Number(raise)
}
