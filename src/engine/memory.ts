/** Which ticks a pair may forget: memory, and the state that is stored at every step, stay small however long it runs. */
import { forgetBefore, latest } from './history.ts'
import type { Tick } from './model.ts'
import type { PairSpec } from './spec.ts'
import type { LegState, PairState } from './state.ts'

/** How many ticks a leg collects between two clean-ups; at each tick they took a third of an event's time. */
const STRIDE = 16

/** A leg steps back to the time of the other, so it keeps what the other has not reached, if that is alive at all. */
export function forget(spec: PairSpec, state: PairState, leg: LegState): void {
  if (leg.history.length % STRIDE !== 0) return
  const newest = (latest(leg.history) as Tick).at
  let cutoff = newest
  for (let slot = 0; slot < state.legs.length; slot++) {
    const other = state.legs[slot] as LegState
    if (sideOf(spec, slot) === sideOf(spec, leg.spec.slot) || other.spec === spec.fx) continue
    const reached = latest(other.history)?.at ?? Number.NEGATIVE_INFINITY
    const alive = newest - other.spec.max_age_ms - spec.max_skew_ms
    cutoff = Math.min(cutoff, Math.max(reached, alive))
  }
  forgetBefore(leg.history, cutoff)
}

function sideOf(spec: PairSpec, slot: number): 'east' | 'west' | 'fx' {
  if (slot < spec.east.length) return 'east'
  return slot < spec.east.length + spec.west.length ? 'west' : 'fx'
}
