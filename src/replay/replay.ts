/** The engine over events that were: what import, backtest, rule tests and the check of parity have in common. */
import { advance, nextClock, type Step } from '../engine/engine.ts'
import type { Event } from '../engine/model.ts'
import { inTurn, mayCorrect } from '../engine/revisions.ts'
import type { PairSpec } from '../engine/spec.ts'
import type { PairState } from '../engine/state.ts'

/** Folds one event after the time that passed before it, as a poll does, and hands every step on that told anything. */
export function fold(spec: PairSpec, state: PairState, event: Event, told: (step: Step) => void): PairState {
  const moment = event.is === 'clock' ? event.at : event.seen_at
  let now = state
  let last = Number.NEGATIVE_INFINITY
  for (;;) {
    const next = nextClock(now)
    if (next === null || next >= moment || next <= last) break
    last = next
    now = hand(advance(spec, now, { is: 'clock', at: next }), told)
  }
  if (event.is !== 'ticks' || !mayCorrect(event.ticks)) return hand(advance(spec, now, event), told)
  const { corrects, news } = inTurn(now, event.ticks)
  if (corrects.length > 0) now = hand(advance(spec, now, { ...event, ticks: corrects }), told)
  return news.length === 0 ? now : hand(advance(spec, now, { ...event, ticks: news }), told)
}

function hand(step: Step, told: (step: Step) => void): PairState {
  if (step.premiums.length > 0 || step.transitions.length > 0 || step.changes.length > 0) told(step)
  return step.state
}

/** Folds all events of a stream. */
export async function replay(
  spec: PairSpec,
  from: PairState,
  events: AsyncIterable<readonly Event[]>,
  told: (step: Step) => void,
): Promise<PairState> {
  let state = from
  for await (const batch of events) {
    for (let i = 0; i < batch.length; i++) state = fold(spec, state, batch[i] as Event, told)
  }
  return state
}
