/** Rules beside their states, with the bands of values that change none of them: of most premiums no rule wants to know more. */
import { basisOf } from './measured.ts'
import type { Premium, Transition } from './model.ts'
import { observe } from './rules.ts'
import type { LevelSpec, Measure, RuleSpec } from './spec.ts'
import type { BreachState, RuleState } from './state.ts'

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
  watches: Watches,
  premium: Premium,
  elapsed_ms: number,
  spell_ms: number,
): Transition[] | null {
  return areWithin(watches.quiet, premium) ? null : observeEach(watches, premium, elapsed_ms, spell_ms)
}

function observeEach(
  { each, quiet }: Watches,
  premium: Premium,
  elapsed_ms: number,
  spell_ms: number,
): Transition[] | null {
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

/** While a hold runs, every observation counts; so does the first one after an absence, and every one for a window. */
function findBand({ rule, state, band }: Watch): void {
  const { breach, up, down, start } = state
  const isUnobserved = breach !== null && breach.unobserved_since !== null
  const isBusy = rule.window !== null || start !== null || isUnobserved || isAny(up) || isAny(down)
  const sign = rule.direction === 'above' ? 1 : -1
  const inner = isBusy ? 0 : sign * innerBound(rule, breach, sign)
  const outer = isBusy ? 0 : sign * outerBound(rule, breach, sign)
  band.from = sign === 1 ? inner : outer
  band.until = sign === 1 ? outer : inner
}

/** The clear bound of the levels in force that lies furthest out. */
function innerBound({ levels }: RuleSpec, breach: BreachState | null, sign: 1 | -1): number {
  let bound = Number.NEGATIVE_INFINITY
  for (let i = 0; breach !== null && i <= breach.level; i++)
    bound = Math.max(bound, sign * (levels[i] as LevelSpec).clear)
  return bound
}

/** The next level, or the peak of an open breach, which a value further out moves. */
function outerBound({ levels }: RuleSpec, breach: BreachState | null, sign: 1 | -1): number {
  let bound = breach === null ? Number.POSITIVE_INFINITY : sign * breach.peak
  for (let i = breach === null ? 0 : breach.level + 1; i < levels.length; i++)
    bound = Math.min(bound, sign * (levels[i] as LevelSpec).raise)
  return bound
}

/** What all bands of a measure have in common. */
function findQuiet(quiet: readonly Band[], each: readonly Watch[]): void {
  for (let i = 0; i < quiet.length; i++) {
    const common = quiet[i] as Band
    common.from = Number.NEGATIVE_INFINITY
    common.until = Number.POSITIVE_INFINITY
    for (let k = 0; k < each.length; k++) {
      const { band } = each[k] as Watch
      if (band.measure !== common.measure) continue
      common.from = Math.max(common.from, band.from)
      common.until = Math.min(common.until, band.until)
    }
  }
}

function isAny(holds: RuleState['up']): boolean {
  for (let i = 0; i < holds.length; i++) if (holds[i] != null) return true
  return false
}
