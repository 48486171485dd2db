/**
 * A first poll may bring many dates at once. What began and ended among them was over before anybody watched: it fills holds
 * and windows and is not told. What is still open is told once, as it stands.
 */
import { measured } from './measured.ts'
import type { Premium, Transition } from './model.ts'
import { newRuleState, transition, waitFor } from './rules.ts'
import type { RuleSpec } from './spec.ts'
import type { PairState, RuleState } from './state.ts'

/** The rules to which the next premium is the first one. */
export function unseenBy(rules: readonly RuleSpec[], { rules: known, observed }: PairState): RuleSpec[] {
  return rules.filter(({ rule }) => observed === null || known[rule] === undefined)
}

/** What `transitions` come to for rules that saw their first dates, up to `newest`; of other rules they stay as they are. */
export function asFound(
  first: readonly RuleSpec[],
  state: PairState,
  transitions: readonly Transition[],
  newest: Premium,
): Transition[] {
  const names = new Set(first.map(({ rule }) => rule))
  const others = transitions.filter(({ rule }) => !names.has(rule))
  const found = first.flatMap((rule) => {
    const own = transitions.findLast((each) => each.rule === rule.rule && each.kind === 'raised')
    return findRule(rule, state.rules[rule.rule] as RuleState, own, newest) ?? []
  })
  state.watched = null
  return [...others, ...found]
}

function findRule(
  rule: RuleSpec,
  state: RuleState,
  raised: Transition | undefined,
  newest: Premium,
): Transition | null {
  const value = measured(rule, state, newest)
  if (rule.on_start === 'wait') {
    const { slots } = state
    Object.assign(state, newRuleState(rule, false), slots === undefined ? {} : { slots })
    if (value !== null) waitFor(rule, state, value)
    return null
  }
  const { breach } = state
  if (breach === null) return null
  if (raised?.premium === newest) return raised
  breach.sequence = 0
  breach.highest = breach.level
  return transition(rule, breach, 'raised', 'on-start', newest.time, value ?? breach.peak, newest)
}
