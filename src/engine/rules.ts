/** The state machine of a rule (SEMANTICS 18 to 26), on the time of the observations and on nothing else. */
import type { Premium, Transition, TransitionKind } from './model.ts'
import type { LevelSpec, Measure, RuleSpec } from './spec.ts'
import type { BreachState, Hold, RuleState } from './state.ts'

export function newRuleState(rule: RuleSpec): RuleState {
  return { fingerprint: rule.fingerprint, breach: null, up: [], down: [] }
}

/**
 * Folds one observation into a rule. `elapsed_ms` is the comparable time since the observation before. A premium
 * without the measure (ex tax of an unknown basis) is no observation of this rule.
 */
export function observe(
  rule: RuleSpec,
  state: RuleState,
  premium: Premium,
  elapsed_ms: number,
): Transition | null {
  const value = valueOf(premium, rule.measure)
  if (value === null) return null
  for (let i = 0; i < rule.levels.length; i++) {
    const level = rule.levels[i] as LevelSpec
    const reached = state.breach !== null && i <= state.breach.level
    state.up[i] =
      !reached && breaches(rule, level, value) ? held(state.up[i], premium.time, elapsed_ms) : null
    state.down[i] =
      reached && isClear(rule, level, value) ? held(state.down[i], premium.time, elapsed_ms) : null
  }
  return state.breach === null
    ? raise(rule, state, premium, value)
    : follow(rule, state, state.breach, premium, value)
}

/** Spelled out: a look-up by a computed name costs as much as all the rest of a quiet observation. */
function valueOf(premium: Premium, measure: Measure): number | null {
  switch (measure) {
    case 'as_quoted_usd':
      return premium.as_quoted_usd
    case 'as_quoted_pct':
      return premium.as_quoted_pct
    case 'ex_tax_usd':
      return premium.ex_tax_usd
    case 'ex_tax_pct':
      return premium.ex_tax_pct
    case 'landed_usd':
      return premium.landed_usd
    case 'landed_pct':
      return premium.landed_pct
  }
}

function raise(rule: RuleSpec, state: RuleState, premium: Premium, value: number): Transition | null {
  const level = highestMet(rule, state)
  if (level < 0) return null
  const began = state.up[0] ?? (state.up[level] as Hold)
  state.breach = {
    sequence: 0,
    began_at: began.since,
    raised_at: premium.time,
    peak: value,
    level,
    highest: level,
  }
  dropUpHolds(state, level)
  return transition(rule, state.breach, 'raised', 'first', premium, value)
}

/** What an open breach does next: up at once, down through the clear band of the level in force. */
function follow(
  rule: RuleSpec,
  state: RuleState,
  breach: BreachState,
  premium: Premium,
  value: number,
): Transition | null {
  if (further(rule, value, breach.peak)) breach.peak = value
  const up = highestMet(rule, state)
  if (up > breach.level) {
    breach.level = up
    breach.highest = Math.max(breach.highest, up)
    dropUpHolds(state, up)
    return transition(rule, breach, 'escalated', 'level', premium, value)
  }
  let level = breach.level
  while (level >= 0 && isMet(rule, rule.levels[level] as LevelSpec, 'clear_for_ms', state.down[level]))
    level--
  if (level === breach.level) return null
  if (level >= 0) {
    breach.level = level
    for (let i = level + 1; i < state.down.length; i++) state.down[i] = null
    return transition(rule, breach, 'eased', 'level', premium, value)
  }
  return clear(rule, state, breach, premium, value, 'cleared')
}

function clear(
  rule: RuleSpec,
  state: RuleState,
  breach: BreachState,
  premium: Premium | null,
  value: number,
  reason: string,
): Transition {
  const cleared = transition(rule, { ...breach, level: breach.highest }, 'cleared', reason, premium, value)
  state.breach = null
  state.down = []
  state.up = []
  return cleared
}

/**
 * Closes the breach of a rule that was edited or removed while it was raised; `value` is the breach's peak,
 * since nothing new was observed. Null when nothing was raised.
 */
export function close(rule: RuleSpec, state: RuleState, time: number, reason: string): Transition | null {
  if (state.breach === null) return null
  return { ...clear(rule, state, state.breach, null, state.breach.peak, reason), time }
}

/** ok, pending, raised or clearing, for people and for the database. */
export function nameOf(state: RuleState): 'ok' | 'pending' | 'raised' | 'clearing' {
  if (state.breach === null) return state.up.some((hold) => hold !== null) ? 'pending' : 'ok'
  return state.down[0] != null ? 'clearing' : 'raised'
}

function transition(
  rule: RuleSpec,
  breach: BreachState,
  kind: TransitionKind,
  reason: string,
  premium: Premium | null,
  value: number,
): Transition {
  breach.sequence += 1
  return {
    rule: rule.rule,
    sequence: breach.sequence,
    kind,
    time: premium?.time ?? breach.raised_at,
    severity: (rule.levels[breach.level] as LevelSpec).severity,
    value,
    reason,
    began_at: breach.began_at,
    raised_at: breach.raised_at,
    peak: breach.peak,
    level: breach.level,
    premium,
  }
}

function held(hold: Hold | null | undefined, time: number, elapsed_ms: number): Hold {
  if (hold == null) return { since: time, held_ms: 0, samples: 1 }
  hold.held_ms += elapsed_ms
  hold.samples += 1
  return hold
}

function isMet(
  rule: RuleSpec,
  level: LevelSpec,
  which: 'for_ms' | 'clear_for_ms',
  hold: Hold | null | undefined,
): boolean {
  if (hold == null) return false
  const samples = rule.min_samples ?? (level[which] === 0 ? 1 : 2)
  return hold.held_ms >= level[which] && hold.samples >= samples
}

function highestMet(rule: RuleSpec, state: RuleState): number {
  let i = rule.levels.length - 1
  while (i >= 0 && !isMet(rule, rule.levels[i] as LevelSpec, 'for_ms', state.up[i])) i--
  return i
}

function dropUpHolds(state: RuleState, level: number): void {
  for (let i = 0; i <= level; i++) state.up[i] = null
}

/** At equal bounds (`allow_flap`) the value at the bound breaches. */
function breaches(rule: RuleSpec, level: LevelSpec, value: number): boolean {
  return rule.direction === 'above' ? value >= level.raise : value <= level.raise
}

function isClear(rule: RuleSpec, level: LevelSpec, value: number): boolean {
  if (breaches(rule, level, value)) return false
  return rule.direction === 'above' ? value <= level.clear : value >= level.clear
}

function further(rule: RuleSpec, value: number, than: number): boolean {
  return rule.direction === 'above' ? value > than : value < than
}
