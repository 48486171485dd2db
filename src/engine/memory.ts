/** Which ticks a pair may forget: memory, and the state that is stored at every step, stay small however long it runs. */
import { latest, since } from './history.ts'
import type { LegSpec, PairSpec } from './spec.ts'
import type { LegState, PairState } from './state.ts'

/** How many ticks a leg collects before the pair is tidied; done at each event it took a tenth of its time. */
const FULL = 16

/** To be called after each event; it costs next to nothing until a leg has collected some ticks. */
export function forget(spec: PairSpec, { legs }: PairState): void {
  if (areFull(legs)) tidy(spec, legs)
}

/** A leg steps back to the time of the other side, so it keeps what that has not reached, if it is alive at all. */
function tidy(spec: PairSpec, legs: readonly LegState[]): void {
  const newest = newestOf(legs)
  const east = reachedBy(legs, spec.east, newest, spec.max_skew_ms)
  const west = reachedBy(legs, spec.west, newest, spec.max_skew_ms)
  for (const { slot } of spec.east) keepSince(legs[slot] as LegState, west)
  for (const { slot } of spec.west) keepSince(legs[slot] as LegState, east)
  if (spec.fx !== null) keepSince(legs[spec.fx.slot] as LegState, Math.min(east, west))
}

/** A new array: shortened in place it would have to grow again. */
function keepSince(leg: LegState, cutoff: number): void {
  leg.history = since(leg.history, cutoff)
}

/** How far those of a side have come that are alive. */
function reachedBy(
  legs: readonly LegState[],
  side: readonly LegSpec[],
  newest: number,
  max_skew_ms: number,
): number {
  let reached = newest
  for (const { slot, max_age_ms } of side) {
    const alive = newest - max_age_ms - max_skew_ms
    reached = Math.min(reached, Math.max(latest((legs[slot] as LegState).history)?.at ?? alive, alive))
  }
  return reached
}

function areFull(legs: readonly LegState[]): boolean {
  for (let i = 0; i < legs.length; i++) if ((legs[i] as LegState).history.length >= FULL) return true
  return false
}

function newestOf(legs: readonly LegState[]): number {
  let newest = Number.NEGATIVE_INFINITY
  for (const { history } of legs) newest = Math.max(newest, latest(history)?.at ?? newest)
  return newest
}
