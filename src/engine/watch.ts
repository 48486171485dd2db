/** A rule beside its state, with the band of values that change neither: of most premiums no rule wants to know more. */
import { basisOf } from './measured.ts'
import type { Premium, Transition } from './model.ts'
import { observe } from './rules.ts'
import type { LevelSpec, Measure, RuleSpec } from './spec.ts'
import type { BreachState, RuleState } from './state.ts'

export interface Watch {
  rule: RuleSpec
  state: RuleState
  /** 1, or -1 for a rule that looks below: `sign * value` grows outwards */
  sign: number
  /** a value with `sign * value` between these, without them, changes nothing; none does where `from` is not below `until` */
  from: number
  until: number
}

export function newWatch(rule: RuleSpec, state: RuleState): Watch {
  const sign = rule.direction === 'above' ? 1 : -1
  const watch = { rule, state, sign, from: 0, until: 0 }
  findBand(watch)
  return watch
}

/** `observe` of every rule that it may change; null where none has a transition. */
export function observeAll(
  watches: readonly Watch[],
  premium: Premium,
  elapsed_ms: number,
  spell_ms: number,
): Transition[] | null {
  let transitions: Transition[] | null = null
  let measure: Measure | null = null
  let value = Number.NaN
  for (let i = 0; i < watches.length; i++) {
    const watch = watches[i] as Watch
    const { rule, state, sign, from, until } = watch
    if (rule.measure !== measure) {
      measure = rule.measure
      value = basisOf(premium, measure)
    }
    const outwards = sign * value
    if (outwards > from && outwards < until) continue
    const transition = observe(rule, state, premium, elapsed_ms, spell_ms)
    findBand(watch)
    if (transition !== null) transitions = [...(transitions ?? []), transition]
  }
  return transitions
}

/** While a hold runs, every observation counts; so does the first one after an absence, and every one for a window. */
function findBand(watch: Watch): void {
  const { rule, state } = watch
  const { breach, up, down, start } = state
  watch.from = 0
  watch.until = 0
  if (rule.window !== null || start !== null || isAny(up) || isAny(down)) return
  if (breach === null) {
    watch.from = Number.NEGATIVE_INFINITY
    watch.until = watch.sign * (rule.levels[0] as LevelSpec).raise
  } else if (breach.unobserved_since === null) findBandOf(watch, breach)
}

/** From the clear bounds of the levels in force to the next level, or to the peak, which a value further out moves. */
function findBandOf(watch: Watch, { level, peak }: BreachState): void {
  const { levels } = watch.rule
  watch.from = Number.NEGATIVE_INFINITY
  watch.until = watch.sign * peak
  for (let i = 0; i < levels.length; i++) {
    const { raise, clear } = levels[i] as LevelSpec
    if (i <= level) watch.from = Math.max(watch.from, watch.sign * clear)
    else watch.until = Math.min(watch.until, watch.sign * raise)
  }
}

function isAny(holds: RuleState['up']): boolean {
  for (let i = 0; i < holds.length; i++) if (holds[i] != null) return true
  return false
}
