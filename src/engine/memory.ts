/** Which ticks a pair may forget: memory, and the state that is stored at every step, stay small however long it runs. */
import { forgetBefore, latest } from './history.ts'
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
  const reachedBy = (side: readonly LegSpec[]) =>
    Math.min(
      newest,
      ...side.map(({ slot, max_age_ms }) => {
        const alive = newest - max_age_ms - spec.max_skew_ms
        return Math.max(latest((legs[slot] as LegState).history)?.at ?? alive, alive)
      }),
    )
  const [east, west] = [reachedBy(spec.east), reachedBy(spec.west)]
  forgetOf(legs, spec.east, west)
  forgetOf(legs, spec.west, east)
  if (spec.fx !== null) forgetOf(legs, [spec.fx], Math.min(east, west))
}

function forgetOf(legs: readonly LegState[], some: readonly LegSpec[], cutoff: number): void {
  for (const { slot } of some) forgetBefore((legs[slot] as LegState).history, cutoff)
}

function areFull(legs: readonly LegState[]): boolean {
  for (let i = 0; i < legs.length; i++) if ((legs[i] as LegState).history.length >= FULL) return true
  return false
}

function newestOf(legs: readonly LegState[]): number {
  return Math.max(...legs.map(({ history }) => latest(history)?.at ?? Number.NEGATIVE_INFINITY))
}
