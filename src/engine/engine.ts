/**
 * One engine for live evaluation, backtest, rule tests and replay: they differ only in who supplies the events.
 * Pure and synchronous; the state handed in is consumed and handed back.
 */
import { type Assessment, assess, plausible } from './comparability.ts'
import { correctLast, replaceObserved } from './correction.ts'
import { datesToCompare, insertDated, rememberDate } from './dates.ts'
import { insert, latest } from './history.ts'
import { comparableTime, longestSpell, markObserved, noteSpell, rewind } from './holds.ts'
import { forget } from './memory.ts'
import type { ComparabilityChange, Event, Premium, Tick, Transition } from './model.ts'
import { inTurn, mayCorrect } from './revisions.ts'
import { newRuleState } from './rules.ts'
import { nextExpiry } from './sessions.ts'
import type { PairSpec, RuleSpec } from './spec.ts'
import { asFound, unseenBy } from './start.ts'
import { type LegState, type PairState, type RuleState, setRule } from './state.ts'
import { noteGaps, planWake, wake } from './wake.ts'
import { newWatches, observeAll, type Watches } from './watch.ts'

export interface Step {
  state: PairState
  /** usually none or one; a rate that completes several dates gives several */
  premiums: readonly Premium[]
  transitions: readonly Transition[]
  /** in order; a spell that was over when it became known (told by a tick at its very end) has no length */
  changes: readonly ComparabilityChange[]
}

const NOTHING: readonly never[] = []

/** Folds one event. Ages are measured against the event's own moment, never against a clock. */
export function advance(spec: PairSpec, state: PairState, event: Event): Step {
  const step: Step = { state, premiums: NOTHING, transitions: NOTHING, changes: NOTHING }
  const instant = event.is === 'ticks' ? event.seen_at : event.at
  settle(spec, state, instant, step)
  if (state.wake_at <= instant) step.transitions = wake(spec, state, instant)
  if (event.is === 'ticks') takeTicks(spec, state, event.ticks, instant, step)
  else if (state.cause === '') reassess(spec, state, instant, false, step)
  return step
}

/** The next instant at which time alone may change something; null when only ticks can. */
export function nextClock(state: PairState): number | null {
  const next = Math.min(state.stale_at + 1, state.session_at, state.wake_at)
  return next < 8.64e15 ? next : null
}

/**
 * Lets time pass up to the instant, one change after the other: the result does not depend on how often it is told.
 */
function settle(spec: PairSpec, state: PairState, instant: number, step: Step): void {
  while (state.stale_at < instant || state.session_at <= instant) {
    const next = Math.min(state.stale_at, state.session_at)
    if (state.wake_at <= next) noteGaps(spec, state, next)
    reassess(spec, state, next, true, step)
  }
}

/** All are taken before anything is compared, so one poll gives one observation. */
function takeTicks(
  spec: PairSpec,
  state: PairState,
  ticks: readonly Tick[],
  seen_at: number,
  step: Step,
): void {
  const corrects = mayCorrect(ticks) ? inTurn(state, ticks).corrects : NOTHING
  rewind(state, seen_at)
  let isObserved = false
  for (let i = 0; i < ticks.length; i++) {
    const tick = ticks[i] as Tick
    const leg = legOf(state, tick.series)
    if (leg === undefined || !accept(spec, leg, tick)) continue
    if (corrects.length > 0 && corrects.includes(tick)) continue
    if (latest(leg.history) === tick && mayBeObserved(spec, state, leg)) isObserved = true
  }
  const assessment = reassess(spec, state, seen_at, false, step)
  if (spec.align === 'date') {
    takeDates(spec, state, ticks, assessment, step)
    return
  }
  for (let i = 0; i < corrects.length; i++) correct(spec, state, corrects[i] as Tick, step)
  if (isObserved && assessment.premium !== null) compareLive(spec, state, assessment.premium, ticks, step)
  forget(spec, state)
}

function takeDates(
  spec: PairSpec,
  state: PairState,
  ticks: readonly Tick[],
  assessment: Assessment,
  step: Step,
): void {
  const first = unseenBy(spec.rules, state)
  for (const tick of ticks) if (isHeld(state, tick)) compareDates(spec, state, tick, assessment, step)
  const newest = step.premiums.findLast(({ elapsed_ms }) => elapsed_ms !== null)
  if (newest === undefined || first.length === 0) return
  step.transitions = asFound(first, state, step.transitions, newest)
  planWake(spec, state, newest.seen_at)
}

/** Puts a tick where it belongs. False when it is no news. */
function accept(spec: PairSpec, leg: LegState, tick: Tick): boolean {
  if (tick.quarantined !== null) {
    const newest = latest(leg.history)
    if (newest === undefined || tick.seen_at >= newest.seen_at) leg.doubted = tick
    return false
  }
  if (leg.doubted !== null && tick.seen_at >= leg.doubted.seen_at) leg.doubted = null
  return spec.align === 'date' ? insertDated(leg.spec, leg.history, tick) : insert(leg.history, tick)
}

/** A rate alone is no observation, unless legs that were never compared have waited for it. */
function mayBeObserved(spec: PairSpec, state: PairState, leg: LegState): boolean {
  return leg.spec !== spec.fx || state.observed === null
}

/** A new tick of a leg while the pair is comparable is one observation, unless it steps back onto the same two ticks. */
function compareLive(
  spec: PairSpec,
  state: PairState,
  premium: Premium,
  ticks: readonly Tick[],
  step: Step,
): void {
  const { observed } = state
  const { east, west } = premium
  if (observed?.east.tick_id === east.tick_id && observed.west.tick_id === west.tick_id) return
  const isLate = isBeforeLast(state, premium)
  // A tick that steps back behind the last observation brings nothing: its other leg's turn has been.
  if (isLate && !isNewest(state, ticks, east) && !isNewest(state, ticks, west)) return
  if (isLate) premium.standing = 'late'
  step.premiums = [premium]
  if (!isLate) foldRules(spec, state, premium, step)
}

/** Premiums of dates are worked out whatever the pair's state today, but only a comparable pair moves its rules. */
function compareDates(
  spec: PairSpec,
  state: PairState,
  tick: Tick,
  assessment: Assessment,
  step: Step,
): void {
  for (const { date, legs, correction } of datesToCompare(spec, state, tick)) {
    const { premium } = plausible(spec, legs, tick.seen_at)
    if (premium === null) continue
    rememberDate(state, date, legs)
    if (correction) premium.standing = 'correction'
    else if (isBeforeLast(state, premium)) premium.standing = 'late'
    step.premiums = [...step.premiums, premium]
    if (correction) replaceObserved(spec, state, legs)
    if (premium.standing !== 'observation') continue
    if (assessment.state === 'comparable') foldRules(spec, state, premium, step)
    else markObserved(state, premium)
  }
}

function isBeforeLast({ observed }: PairState, { time }: Premium): boolean {
  return observed !== null && time < observed.time
}

function correct(spec: PairSpec, state: PairState, tick: Tick, step: Step): void {
  if (!isHeld(state, tick)) return
  const premium = correctLast(spec, state, tick)
  if (premium !== null) step.premiums = [premium]
}

function foldRules(spec: PairSpec, state: PairState, premium: Premium, step: Step): void {
  const elapsed = comparableTime(state, premium.time)
  const spell = longestSpell(state)
  premium.elapsed_ms = elapsed
  premium.spell_ms = state.observed === null ? 0 : spell
  const transitions = observeAll(watchesOf(spec, state), premium, elapsed, spell)
  if (transitions !== null) step.transitions = step.transitions.concat(transitions)
  markObserved(state, premium)
  if (step.transitions.length > 0) planWake(spec, state, premium.seen_at)
}

function watchesOf({ rules }: PairSpec, state: PairState): Watches {
  return state.watched?.rules === rules ? state.watched : linedUp(rules, state)
}

function linedUp(rules: readonly RuleSpec[], state: PairState): Watches {
  for (const rule of rules) {
    if (state.rules[rule.rule] === undefined)
      setRule(state, rule.rule, newRuleState(rule, state.observed !== null))
  }
  state.watched = newWatches(rules, ({ rule }) => state.rules[rule] as RuleState)
  return state.watched
}

/** Compares anew; a spell that begins or ends here is told and remembered for the holds. */
function reassess(
  spec: PairSpec,
  state: PairState,
  instant: number,
  just_after: boolean,
  step: Step,
): Assessment {
  const assessment = assess(spec, state, instant, just_after)
  state.stale_at = nextExpiry(state, instant, just_after)
  noteSpell(state, assessment.state, instant)
  const cause = assessment.leg === '' ? assessment.state : `${assessment.state} ${assessment.leg}`
  if (cause !== state.cause) change(spec, state, assessment, cause, instant, step)
  return assessment
}

function change(
  spec: PairSpec,
  state: PairState,
  assessment: Assessment,
  cause: string,
  instant: number,
  step: Step,
): void {
  const time = Math.max(instant, state.since)
  state.comparability = assessment.state
  state.cause = cause
  state.since = time
  planWake(spec, state, time)
  step.changes = [...step.changes, { time, state: assessment.state, reason: assessment.reason() }]
}

/** Was the last tick of its leg one of these? */
function isNewest(state: PairState, ticks: readonly Tick[], tick: Tick): boolean {
  return ticks.includes(tick) && latest((legOf(state, tick.series) as LegState).history) === tick
}

/** It was taken, and nothing newer has taken its place since. */
function isHeld(state: PairState, tick: Tick): boolean {
  return legOf(state, tick.series)?.history.includes(tick) ?? false
}

function legOf(state: PairState, series: string): LegState | undefined {
  for (let i = 0; i < state.legs.length; i++) {
    const leg = state.legs[i] as LegState
    if (leg.series === series) return leg
  }
  return undefined
}
