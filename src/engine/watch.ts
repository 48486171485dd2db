/** A rule beside its state, with what it takes to see that a premium changes neither: of most premiums that is so. */
import { basisOf } from './measured.ts'
import type { Premium, Transition } from './model.ts'
import { observe } from './rules.ts'
import type { LevelSpec, Measure, RuleSpec } from './spec.ts'
import type { RuleState } from './state.ts'

export interface Watch {
  rule: RuleSpec
  state: RuleState
  /** nothing is raised, running or to be remembered: a value that does not breach the first level changes nothing */
  isQuiet: boolean
  /** 1, or -1 for a rule that looks below: a value breaches the first level when `sign * value >= bound` */
  sign: number
  bound: number
}

export function newWatch(rule: RuleSpec, state: RuleState): Watch {
  const sign = rule.direction === 'above' ? 1 : -1
  const bound = sign * (rule.levels[0] as LevelSpec).raise
  return { rule, state, isQuiet: isQuiet(rule, state), sign, bound }
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
    const { rule, state } = watch
    if (rule.measure !== measure) {
      measure = rule.measure
      value = basisOf(premium, measure)
    }
    // NaN breaches nothing either
    if (watch.isQuiet && !(watch.sign * value >= watch.bound)) continue
    const transition = observe(rule, state, premium, elapsed_ms, spell_ms)
    watch.isQuiet = isQuiet(rule, state)
    if (transition !== null) transitions = [...(transitions ?? []), transition]
  }
  return transitions
}

function isQuiet({ window }: RuleSpec, { breach, up, start }: RuleState): boolean {
  return window === null && breach === null && up[0] == null && start === null
}
