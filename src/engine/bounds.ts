/** The bounds of a rule's levels, and how long a value must stay beyond them. */
import type { LevelSpec, RuleSpec } from './spec.ts'
import type { Hold } from './state.ts'

export function breaches(rule: RuleSpec, level: LevelSpec, value: number): boolean {
  return rule.direction === 'above' ? value >= level.raise : value <= level.raise
}

/** At equal bounds (`allow_flap`) the value at the bound breaches. */
export function isClear(rule: RuleSpec, level: LevelSpec, value: number): boolean {
  if (breaches(rule, level, value)) return false
  return rule.direction === 'above' ? value <= level.clear : value >= level.clear
}

/** The one of two values that lies further out. */
export function peakOf(rule: RuleSpec, peak: number, value: number): number {
  return rule.direction === 'above' ? Math.max(peak, value) : Math.min(peak, value)
}

/** A hold goes on by one observation, or begins with it. */
export function held(
  rule: RuleSpec,
  hold: Hold | null | undefined,
  time: number,
  elapsed_ms: number,
  value: number,
): Hold {
  if (hold == null) return { since: time, held_ms: 0, samples: 1, peak: value }
  hold.held_ms += elapsed_ms
  hold.samples += 1
  hold.peak = peakOf(rule, hold.peak, value)
  return hold
}

export function isMet(rule: RuleSpec, hold: Hold | null | undefined, hold_ms: number): boolean {
  if (hold == null) return false
  return hold.held_ms >= hold_ms && hold.samples >= (rule.min_samples ?? (hold_ms === 0 ? 1 : 2))
}
