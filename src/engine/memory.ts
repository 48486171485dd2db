/** Which ticks a pair may forget: memory stays flat however long it runs. */
import { forgetBefore, latest } from './history.ts'
import type { Tick } from './model.ts'
import type { PairSpec } from './spec.ts'
import type { LegState, PairState } from './state.ts'

/** How many ticks a leg collects between two clean-ups. */
const STRIDE = 32

/** A leg steps back to the time of the other, so it keeps what the other has not reached, if that is alive at all. */
export function forget(spec: PairSpec, state: PairState, leg: LegState): void {
  if (leg.history.length % STRIDE !== 0) return
  const newest = (latest(leg.history) as Tick).at
  let cutoff = newest
  for (const other of othersOf(spec, state, leg)) {
    const reached = latest(other.history)?.at ?? Number.NEGATIVE_INFINITY
    cutoff = Math.min(cutoff, Math.max(reached, newest - other.spec.max_age_ms - spec.max_skew_ms))
  }
  forgetBefore(leg.history, cutoff)
}

function othersOf(spec: PairSpec, state: PairState, leg: LegState): LegState[] {
  const { slot } = leg.spec
  const west = spec.east.length
  const fx = west + spec.west.length
  if (slot >= fx) return state.legs.slice(0, fx)
  return slot < west ? state.legs.slice(west, fx) : state.legs.slice(0, west)
}
