/** The instants at which time alone changes what a pair may compare: known in advance. */
import { latest } from './history.ts'
import type { LegState, PairState } from './state.ts'

/** Which venues are in session at the instant, and the span around it in which none opens or closes. */
export function lookAtSessions(state: PairState, instant: number): void {
  state.session_from = Number.NEGATIVE_INFINITY
  state.session_at = Number.POSITIVE_INFINITY
  for (const leg of state.legs) {
    if (leg.spec.calendar === null) continue
    const { open, from, until } = leg.spec.calendar.sessionAt(instant)
    leg.open = open
    state.session_from = Math.max(state.session_from, from)
    state.session_at = Math.min(state.session_at, until)
  }
}

/** The next instant behind which a leg is too old; a leg that already is changes nothing any more. */
export function nextExpiry(state: PairState, instant: number, just_after: boolean): number {
  let next = Number.POSITIVE_INFINITY
  for (let i = 0; i < state.legs.length; i++) {
    const { history, spec } = state.legs[i] as LegState
    const tick = latest(history)
    if (tick === undefined) continue
    const expires = tick.at + spec.max_age_ms
    if (expires < next && (just_after ? expires > instant : expires >= instant)) next = expires
  }
  return next
}
