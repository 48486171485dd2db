/** What a pair without comparability does to the time that holds are measured in. */
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
  if (now !== 'comparable') goOnWithSpell(state, now, instant)
  else if (state.spell_since !== null) endSpell(state, state.spell_since, instant)
}

function goOnWithSpell(state: PairState, now: ComparabilityState, instant: number): void {
  state.spell_since ??= instant
  if (LEAVES_OUT[now]) state.left_out_at ??= instant
}

function endSpell(state: PairState, since: number, instant: number): void {
  state.spells.push([since, instant])
  state.spell_since = null
}

/**
 * Takes back what time foretold beyond the moment of a tick: the clock may run ahead of ticks that were seen before, and
 * these may avert the spell.
 */
export function rewind(state: PairState, instant: number): void {
  if (state.left_out_at !== null && state.left_out_at > instant) state.left_out_at = null
  if (state.spell_since !== null && state.spell_since > instant) state.spell_since = null
  if (state.spells.length > 0) rewindSpells(state, instant)
}

function rewindSpells(state: PairState, instant: number): void {
  for (let last = state.spells.at(-1); last !== undefined && last[1] > instant; last = state.spells.at(-1)) {
    if (last[0] <= instant) state.spell_since = last[0]
    state.spells.pop()
  }
}

/** Milliseconds since the last observation in which the pair was comparable. */
export function comparableTime({ observed, left_out_at, spells }: PairState, time: number): number {
  if (observed === null || left_out_at !== null) return 0
  const elapsed = time - observed.time
  return spells.length === 0 ? elapsed : elapsed - within(spells, observed.time, time)
}

/** How much of the spells lies between the two instants. */
function within(spells: PairState['spells'], begin: number, end: number): number {
  let sum = 0
  for (const [from, until] of spells) sum += Math.max(0, Math.min(until, end) - Math.max(from, begin))
  return sum
}

/** The longest stretch without comparability since the last observation, whatever its reasons were in turn. */
export function longestSpell({ spells }: PairState): number {
  return spells.length === 0 ? 0 : Math.max(0, ...spells.map(([from, until]) => until - from))
}

/** The next observation measures from here. */
export function markObserved(state: PairState, premium: Premium): void {
  state.observed = premium
  if (state.comparability !== 'comparable') return
  if (state.spells.length > 0) state.spells = []
  state.left_out_at = null
}
