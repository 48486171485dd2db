/** Which ticks a pair may forget: memory, and the state that is stored at every step, stay small however long it runs. */
import { forgetBefore, latest } from './history.ts'
import type { PairSpec } from './spec.ts'
import type { LegState, PairState } from './state.ts'

/** How many ticks a leg collects before the pair is tidied; done at each event it took a tenth of its time. */
const FULL = 16

/** A leg steps back to the time of the others, so it keeps what they have not reached, if they are alive at all. */
export function forget(spec: PairSpec, { legs }: PairState): void {
  if (!areFull(legs)) return
  const newest = newestOf(legs)
  let cutoff = newest
  for (const leg of [...spec.east, ...spec.west]) {
    const alive = newest - leg.max_age_ms - spec.max_skew_ms
    const reached = latest((legs[leg.slot] as LegState).history)?.at ?? alive
    cutoff = Math.min(cutoff, Math.max(reached, alive))
  }
  for (const { history } of legs) forgetBefore(history, cutoff)
}

function areFull(legs: readonly LegState[]): boolean {
  for (let i = 0; i < legs.length; i++) if ((legs[i] as LegState).history.length >= FULL) return true
  return false
}

function newestOf(legs: readonly LegState[]): number {
  return Math.max(...legs.map(({ history }) => latest(history)?.at ?? Number.NEGATIVE_INFINITY))
}
