/** The state machine of a rule, on the time of the observations and on nothing else. */
import { breaches, held, isClear, isMet, peakOf } from './bounds.ts'
import { measure, measured, remember } from './measured.ts'
import type { Premium, Transition, TransitionKind } from './model.ts'
import type { LevelSpec, RuleSpec } from './spec.ts'
import type { BreachState, Hold, RuleState } from './state.ts'

/** `observed`: the pair has been observed before, so a bound that is crossed now was crossed already. */
export function newRuleState(rule: RuleSpec, observed: boolean): RuleState {
  const none = () => rule.levels.map(() => null)
  return {
    fingerprint: rule.fingerprint,
    breach: null,
    up: none(),
    down: none(),
    start: observed ? 'late' : 'new',
    ...(rule.on_start === 'wait' && { waits: rule.levels.length }),
  }
}

/**
 * Folds one observation into a rule. `elapsed_ms` is the comparable time since the observation before, `spell_ms` the
 * longest spell without comparability in between. A premium without the measure (ex tax of an unknown basis, a window
 * that is not old enough) is no observation of this rule, but its time passes.
 */
export function observe(
  rule: RuleSpec,
  state: RuleState,
  premium: Premium,
  elapsed_ms: number,
  spell_ms = 0,
): Transition | null {
  const value = measure(rule, state, premium)
  if (rule.window !== null) remember(rule.measure, rule.window, state, premium)
  if (rule.max_gap_ms !== null && spell_ms > rule.max_gap_ms) state.up.fill(null)
  if (Number.isNaN(value)) return pass(state, elapsed_ms)
  if (state.start !== null) waitFor(rule, state, value)
  hold(rule, state, premium.time, elapsed_ms, value)
  return state.breach === null
    ? raise(rule, state, premium, value)
    : follow(rule, state, state.breach, premium, value)
}

/** A level that every value so far has breached is not told where the rule is to wait, until one does not. */
export function waitFor(rule: RuleSpec, state: RuleState, value: number): void {
  let breached = 0
  for (const level of rule.levels) if (breaches(rule, level, value)) breached++
  if (breached === 0) state.start = null
  if (state.waits !== undefined) state.waits = Math.min(state.waits, breached)
}

/** A premium that says nothing of the measure. */
function pass({ up, down }: RuleState, elapsed_ms: number): null {
  for (const hold of [...up, ...down]) if (hold !== null) hold.held_ms += elapsed_ms
  return null
}

/** Above the level in force the holds of a raise go on or end, up to it those of a clear. */
function hold(rule: RuleSpec, state: RuleState, time: number, elapsed_ms: number, value: number): void {
  const { up, down, breach } = state
  // Once one is raised, those that waited lie below it.
  const waits = breach === null ? (state.waits ?? 0) : 0
  for (let i = 0; i < rule.levels.length; i++) {
    const level = rule.levels[i] as LevelSpec
    const reached = breach !== null && i <= breach.level
    const rises = !reached && i >= waits && breaches(rule, level, value)
    const falls = reached && isClear(rule, level, value)
    up[i] = rises ? held(rule, up[i], time, elapsed_ms, value) : null
    down[i] = falls ? held(rule, down[i], time, elapsed_ms, value) : null
  }
}

function raise(rule: RuleSpec, state: RuleState, premium: Premium, value: number): Transition | null {
  const level = highestMet(rule, state)
  if (level < 0) return null
  const { since: began_at, peak } = pendingHold(state) as Hold
  state.breach = {
    ...{ sequence: 0, began_at, raised_at: premium.time, peak, level, highest: level },
    ...{ told_at: premium.seen_at, unobserved_since: null },
  }
  state.up.fill(null, 0, level + 1)
  const reason = state.start === 'late' ? 'on-start' : 'first'
  state.start = null
  return transition(rule, state.breach, 'raised', reason, premium.time, value, premium)
}

/** What an open breach does next: up at once, down through the clear band of the level in force. */
function follow(
  rule: RuleSpec,
  state: RuleState,
  breach: BreachState,
  premium: Premium,
  value: number,
): Transition | null {
  breach.peak = peakOf(rule, breach.peak, value)
  breach.unobserved_since = null
  const up = highestMet(rule, state)
  if (up > breach.level) {
    breach.level = up
    breach.highest = Math.max(breach.highest, up)
    breach.told_at = premium.seen_at
    state.up.fill(null, 0, up + 1)
    return transition(rule, breach, 'escalated', 'level', premium.time, value, premium)
  }
  const down = lowestLeft(rule, state, breach.level)
  if (down === breach.level) return null
  if (down < 0) return clear(rule, state, breach, premium, value)
  breach.level = down
  state.down.fill(null, down + 1)
  return transition(rule, breach, 'eased', 'level', premium.time, value, premium)
}

function clear(
  rule: RuleSpec,
  state: RuleState,
  breach: BreachState,
  premium: Premium,
  value: number,
): Transition {
  breach.level = breach.highest
  state.breach = null
  delete state.waits
  state.up.fill(null)
  state.down.fill(null)
  return transition(rule, breach, 'cleared', 'cleared', premium.time, value, premium)
}

/** Tells an open breach again; `premium` is the one observed last. */
export function remind(
  rule: RuleSpec,
  state: RuleState,
  breach: BreachState,
  time: number,
  premium: Premium,
): Transition {
  breach.told_at = time
  const value = measured(rule, state, premium) ?? breach.peak
  return transition(rule, breach, 'reminder', 'reminder', time, value, premium)
}

/** ok, pending, raised or clearing, for people and for the database. */
export function nameOf(state: RuleState): 'ok' | 'pending' | 'raised' | 'clearing' {
  if (state.breach === null) return pendingHold(state) === null ? 'ok' : 'pending'
  return state.down[0] == null ? 'raised' : 'clearing'
}

/** What breaches a level breaches those before it, so of the holds that run the first one's is the longest. */
export function pendingHold({ up }: RuleState): Hold | null {
  return up.find((hold) => hold != null) ?? null
}

/** The next step of a breach as it stands. */
export function transition(
  rule: RuleSpec,
  breach: BreachState,
  kind: TransitionKind,
  reason: string,
  time: number,
  value: number,
  premium: Premium | null,
): Transition {
  const { began_at, raised_at, peak, level } = breach
  const { severity } = rule.levels[level] as LevelSpec
  const sequence = ++breach.sequence
  return {
    rule: rule.rule,
    sequence,
    kind,
    time,
    severity,
    value,
    reason,
    began_at,
    raised_at,
    peak,
    level,
    premium,
  }
}

/** The highest level whose hold is met, or -1. */
function highestMet(rule: RuleSpec, state: RuleState): number {
  let i = rule.levels.length - 1
  while (i >= 0 && !isMet(rule, state.up[i], (rule.levels[i] as LevelSpec).for_ms)) i--
  return i
}

/** The level that remains in force after those above it have cleared; -1 when the first has too. */
function lowestLeft(rule: RuleSpec, state: RuleState, level: number): number {
  let i = level
  while (i >= 0 && isMet(rule, state.down[i], (rule.levels[i] as LevelSpec).clear_for_ms)) i--
  return i
}
