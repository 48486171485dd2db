/** What a pair without comparability does to the time that holds are measured in (SEMANTICS 20 and 22). */
import type { ComparabilityState, Premium } from './model.ts'
import type { PairState } from './state.ts'

/** Closed and stale are known to the instant, so only what lay beyond it is lost; of these nobody knows since when. */
const LEAVES_OUT = {
  comparable: false,
  closed: false,
  stale: false,
  missing: true,
  implausible: true,
  disputed: true,
  skewed: true,
} as const

/** The pair is in this state at `instant`: a spell goes on, begins or ends. */
export function noteSpell(state: PairState, now: ComparabilityState, instant: number): void {
  if (now !== 'comparable') {
    state.spell_since ??= instant
    if (LEAVES_OUT[now]) state.left_out_at ??= instant
  } else if (state.spell_since !== null) {
    state.spells.push([state.spell_since, instant])
    state.spell_since = null
  }
}

/**
 * Takes back what time foretold beyond the moment of a tick: the clock may run ahead of ticks that were seen before, and
 * these may avert the spell.
 */
export function rewind(state: PairState, instant: number): void {
  if (state.left_out_at !== null && state.left_out_at > instant) state.left_out_at = null
  if (state.spell_since !== null && state.spell_since > instant) state.spell_since = null
  while (state.spells.length > 0) {
    const [from, until] = state.spells[state.spells.length - 1] as [number, number]
    if (until <= instant) return
    if (from <= instant) state.spell_since = from
    state.spells.pop()
  }
}

/** Milliseconds since the last observation in which the pair was comparable. */
export function comparableTime({ observed, left_out_at, spells }: PairState, time: number): number {
  if (observed === null || left_out_at !== null) return 0
  let elapsed = time - observed.time
  for (const [from, until] of spells) {
    elapsed -= Math.max(0, Math.min(until, time) - Math.max(from, observed.time))
  }
  return elapsed
}

/** The longest stretch without comparability since the last observation, whatever its reasons were in turn. */
export function longestSpell({ spells }: PairState): number {
  let longest = 0
  for (const [from, until] of spells) longest = Math.max(longest, until - from)
  return longest
}

/** The next observation measures from here. */
export function markObserved(state: PairState, { time, east, west, fx }: Premium): void {
  state.observed = { time, east, west, fx }
  if (state.comparability !== 'comparable') return
  if (state.spells.length > 0) state.spells = []
  state.left_out_at = null
}
