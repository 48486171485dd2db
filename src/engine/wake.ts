/** What time alone does to a breach: it is remembered, and after `max_gap` it counts as unobserved. */
import { lastPremium } from './correction.ts'
import type { Transition } from './model.ts'
import { remind } from './rules.ts'
import type { PairSpec, RuleSpec } from './spec.ts'
import type { BreachState, PairState } from './state.ts'

/**
 * Does what is due at `instant`. A reminder tells the value that was observed last, fresh or not. A long absence is
 * reminded of once, at the last time that it was due.
 */
export function wake(spec: PairSpec, state: PairState, instant: number): Transition[] {
  noteGaps(spec, state, instant)
  const reminders: Transition[] = []
  for (const rule of spec.rules) {
    const known = state.rules[rule.rule]
    if (known == null || known.breach === null) continue
    const { breach } = known
    const remind_ms = reminderOf(rule, breach)
    if (remind_ms === null || breach.told_at + remind_ms > instant) continue
    const time = instant - ((instant - breach.told_at) % remind_ms)
    const premium = lastPremium(spec, state)
    if (premium !== null)
      reminders.push({ ...remind(rule, known, breach, time, premium), ...frozen(state, time) })
  }
  planWake(spec, state, instant)
  return reminders
}

/** How often the level in force is told again; null for never. */
function reminderOf(rule: RuleSpec, { level }: BreachState): number | null {
  const own = rule.levels[level]?.remind_ms
  return own === undefined ? rule.remind_ms : own
}

/**
 * Breaches that nobody could observe for longer than their rules' `max_gap` up to `instant`; to be called before a spell
 * ends too. What comes next is the first observation after an absence, so no value may pass unseen.
 */
export function noteGaps(spec: PairSpec, state: PairState, instant: number): void {
  const { spell_since } = state
  if (spell_since === null) return
  for (const rule of spec.rules) {
    const breach = state.rules[rule.rule]?.breach
    if (breach == null || rule.max_gap_ms === null || instant - spell_since <= rule.max_gap_ms) continue
    breach.unobserved_since ??= spell_since
    state.watched = null
  }
}

/** A reminder tells a number that nobody has confirmed since the pair ceased to be comparable. */
function frozen({ cause, spell_since }: PairState, time: number): Pick<Transition, 'frozen'> {
  return spell_since === null || spell_since > time ? {} : { frozen: { cause, since: spell_since } }
}

/**
 * When to look next; to be called whenever a breach, a spell or what was told has changed. It may be overdue, where time
 * was told late and brought several changes at once.
 */
export function planWake(spec: PairSpec, state: PairState, instant: number): void {
  state.wake_at = Number.POSITIVE_INFINITY
  for (const rule of spec.rules) {
    const breach = state.rules[rule.rule]?.breach
    if (breach == null) continue
    const remind_ms = reminderOf(rule, breach)
    if (remind_ms !== null) state.wake_at = Math.min(state.wake_at, breach.told_at + remind_ms)
    if (rule.max_gap_ms === null || state.spell_since === null || breach.unobserved_since !== null) continue
    const gap_at = state.spell_since + rule.max_gap_ms + 1
    state.wake_at = Math.min(state.wake_at, Math.max(gap_at, instant))
  }
}
