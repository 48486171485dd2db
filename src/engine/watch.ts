/** Rules beside their states, with the bands of values that change none of them: of most premiums no rule wants to know more. */
import { basisOf } from './measured.ts'
import type { Premium, Transition } from './model.ts'
import { observe } from './rules.ts'
import type { LevelSpec, Measure, RuleSpec } from './spec.ts'
import type { RuleState } from './state.ts'

/** A value of the measure between the two, without them, changes nothing; none does where `from` is not below `until`. */
export interface Band {
  measure: Measure
  from: number
  until: number
}

interface Watch {
  rule: RuleSpec
  state: RuleState
  band: Band
}

/** What watches a pair. */
export interface Watches {
  rules: readonly RuleSpec[]
  /** in the order of the rules */
  each: readonly Watch[]
  /** for each measure what the bands of its rules have in common */
  quiet: readonly Band[]
}

export function newWatches(rules: readonly RuleSpec[], stateOf: (rule: RuleSpec) => RuleState): Watches {
  const each = rules.map((rule) => ({ rule, state: stateOf(rule), band: newBand(rule.measure) }))
  for (const watch of each) findBand(watch)
  const quiet = [...new Set(rules.map(({ measure }) => measure))].map(newBand)
  findQuiet(quiet, each)
  return { rules, each, quiet }
}

function newBand(measure: Measure): Band {
  return { measure, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }
}

/** `observe` of every rule that it may change; null where none has a transition. */
export function observeAll(
  { each, quiet }: Watches,
  premium: Premium,
  elapsed_ms: number,
  spell_ms: number,
): Transition[] | null {
  if (areWithin(quiet, premium)) return null
  let transitions: Transition[] | null = null
  for (const watch of each) {
    const { rule, state, band } = watch
    if (isWithin(band, basisOf(premium, band.measure))) continue
    const transition = observe(rule, state, premium, elapsed_ms, spell_ms)
    findBand(watch)
    if (transition !== null) transitions = [...(transitions ?? []), transition]
  }
  findQuiet(quiet, each)
  return transitions
}

function areWithin(bands: readonly Band[], premium: Premium): boolean {
  for (let i = 0; i < bands.length; i++) {
    const band = bands[i] as Band
    if (!isWithin(band, basisOf(premium, band.measure))) return false
  }
  return true
}

/** NaN, a measure that cannot be said, never is. */
function isWithin({ from, until }: Band, value: number): boolean {
  return value > from && value < until
}

function findBand({ rule, state, band }: Watch): void {
  const [from, until] = quietOutwards(rule, state)
  const isAbove = rule.direction === 'above'
  band.from = isAbove ? from : -until
  band.until = isAbove ? until : -from
}

/** What all bands of a measure have in common. */
function findQuiet(quiet: readonly Band[], each: readonly Watch[]): void {
  for (const band of quiet) {
    band.from = Number.NEGATIVE_INFINITY
    band.until = Number.POSITIVE_INFINITY
  }
  for (const { band } of each) {
    const common = quiet.find(({ measure }) => measure === band.measure) as Band
    common.from = Math.max(common.from, band.from)
    common.until = Math.min(common.until, band.until)
  }
}

const NOT_QUIET = [0, 0] as const

/**
 * Between which values nothing changes, as seen by a rule that looks above. While a hold runs, every observation counts;
 * so does the first one after an absence, and every one for a window. An open breach is quiet from the clear bounds of the
 * levels in force to the next level, or to its peak, which a value further out moves.
 */
function quietOutwards(rule: RuleSpec, { breach, up, down, start }: RuleState): readonly [number, number] {
  if (rule.window !== null || start !== null || isAny(up) || isAny(down)) return NOT_QUIET
  const sign = rule.direction === 'above' ? 1 : -1
  if (breach === null) return [Number.NEGATIVE_INFINITY, sign * (rule.levels[0] as LevelSpec).raise]
  if (breach.unobserved_since !== null) return NOT_QUIET
  const clears = rule.levels.slice(0, breach.level + 1).map(({ clear }) => sign * clear)
  const raises = rule.levels.slice(breach.level + 1).map(({ raise }) => sign * raise)
  return [Math.max(...clears), Math.min(sign * breach.peak, ...raises)]
}

function isAny(holds: RuleState['up']): boolean {
  for (let i = 0; i < holds.length; i++) if (holds[i] != null) return true
  return false
}
