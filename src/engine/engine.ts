/**
 * One engine for live evaluation, backtest, rule tests and replay: they differ only in who supplies the events.
 * Pure and synchronous; the state handed in is consumed and handed back.
 */
import { type Assessment, assess, plausible } from './comparability.ts'
import { correctLast, replaceObserved } from './correction.ts'
import { datesToCompare, insertDated, rememberDate } from './dates.ts'
import { holds, insert, latest } from './history.ts'
import { comparableTime, longestSpell, markObserved, noteSpell, rewind } from './holds.ts'
import { forget } from './memory.ts'
import type { ComparabilityChange, Event, Premium, Tick, Transition } from './model.ts'
import { computePremium, type Legs } from './premium.ts'
import { newRuleState, observe } from './rules.ts'
import { nextExpiry } from './sessions.ts'
import type { PairSpec, RuleSpec } from './spec.ts'
import { type LegState, type PairState, type RuleState, setRule } from './state.ts'
import { planWake, wake } from './wake.ts'

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
  const instant = momentOf(event)
  settle(spec, state, instant, step)
  if (state.wake_at <= instant) step.transitions = wake(spec, state, instant)
  if (event.is === 'tick') takeTick(spec, state, event.tick, step)
  else if (event.is === 'ticks') takeTicks(spec, state, event.ticks, instant, step)
  else if (state.cause === '') reassess(spec, state, instant, false, step)
  return step
}

function momentOf(event: Event): number {
  if (event.is === 'tick') return event.tick.seen_at
  return event.is === 'ticks' ? event.seen_at : event.at
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
    reassess(spec, state, Math.min(state.stale_at, state.session_at), true, step)
  }
}

function takeTick(spec: PairSpec, state: PairState, tick: Tick, step: Step): void {
  const leg = legOf(state, tick.series)
  if (leg === undefined) return
  const standing = accept(spec, state, leg, tick)
  const assessment = reassess(spec, state, tick.seen_at, false, step)
  if (standing !== 'refused') compare(spec, state, leg, tick, standing, assessment, step)
}

/** All are taken before anything is compared, so one poll gives one observation. */
function takeTicks(
  spec: PairSpec,
  state: PairState,
  ticks: readonly Tick[],
  seen_at: number,
  step: Step,
): void {
  const standings: Standing[] = []
  for (let i = 0; i < ticks.length; i++) {
    const tick = ticks[i] as Tick
    const leg = legOf(state, tick.series)
    const standing = leg === undefined ? 'refused' : accept(spec, state, leg, tick)
    standings.push(standing === 'revision' && isNewHere(ticks, standings, tick) ? 'new' : standing)
  }
  const assessment = reassess(spec, state, seen_at, false, step)
  for (let i = 0; i < ticks.length; i++) {
    const tick = ticks[i] as Tick
    const standing = standings[i] as Standing
    const leg = legOf(state, tick.series)
    if (leg !== undefined && standing !== 'refused')
      compare(spec, state, leg, tick, standing, assessment, step)
  }
}

/** What it corrects came with it and has been compared with nothing: it is the price of its time. */
function isNewHere(ticks: readonly Tick[], standings: readonly Standing[], { series, at }: Tick): boolean {
  return standings.some((standing, i) => {
    const other = ticks[i] as Tick
    return standing === 'new' && other.series === series && other.at === at
  })
}

/** Of a tick that has been told: refused is what nobody believes or needs, or is known; a revision takes the place of a good price. */
type Standing = 'refused' | 'new' | 'revision'

/** Puts a tick where it belongs. */
function accept(spec: PairSpec, state: PairState, leg: LegState, tick: Tick): Standing {
  rewind(state, tick.seen_at)
  if (tick.quarantined !== null) {
    const newest = latest(leg.history)
    if (newest === undefined || tick.seen_at >= newest.seen_at) leg.doubted = tick
    return 'refused'
  }
  if (leg.doubted !== null && tick.seen_at >= leg.doubted.seen_at) leg.doubted = null
  // A later revision may be the first good price of its time: the ones before it were not believed.
  const corrects = tick.revision > 1 && holds(leg.history, tick.at)
  const isNew = spec.align === 'date' ? insertDated(leg.spec, leg.history, tick) : insert(leg.history, tick)
  if (!isNew) return 'refused'
  return corrects ? 'revision' : 'new'
}

/** A rate alone is no observation, unless legs that were never compared have waited for it. */
function compare(
  spec: PairSpec,
  state: PairState,
  leg: LegState,
  tick: Tick,
  standing: Standing,
  assessment: Assessment,
  step: Step,
): void {
  if (spec.align === 'date') {
    compareDates(spec, state, tick, assessment, step)
    return
  }
  const isLeg = leg.spec !== spec.fx || state.observed === null
  if (standing === 'revision') correct(spec, state, tick, step)
  else if (isLeg && assessment.legs !== null && latest(leg.history) === tick)
    compareLive(spec, state, assessment.legs, tick, step)
  forget(spec, state, leg)
}

/** A new tick of a leg while the pair is comparable is one observation, unless it steps back onto the same two ticks. */
function compareLive(spec: PairSpec, state: PairState, legs: Legs, tick: Tick, step: Step): void {
  const { observed } = state
  if (observed?.east.tick_id === legs.east.tick_id && observed.west.tick_id === legs.west.tick_id) return
  const isLate = isBeforeLast(state, legs)
  // A tick that steps back behind the last observation brings nothing: its other leg's turn has been.
  if (isLate && tick !== legs.east && tick !== legs.west) return
  const premium = computePremium(legs, tick.seen_at, isLate ? 'late' : 'observation')
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
    if (plausible(spec, legs).state !== 'comparable') continue
    rememberDate(state, date, legs)
    const standing = correction ? 'correction' : isBeforeLast(state, legs) ? 'late' : 'observation'
    const premium = computePremium(legs, tick.seen_at, standing)
    step.premiums = [...step.premiums, premium]
    if (standing === 'correction') replaceObserved(spec, state, legs)
    if (standing !== 'observation') continue
    if (assessment.state === 'comparable') foldRules(spec, state, premium, step)
    else markObserved(state, premium)
  }
}

function isBeforeLast({ observed }: PairState, { east, west }: Legs): boolean {
  return observed !== null && Math.max(east.at, west.at) < observed.time
}

function correct(spec: PairSpec, state: PairState, tick: Tick, step: Step): void {
  const premium = correctLast(spec, state, tick)
  if (premium !== null) step.premiums = [premium]
}

function foldRules(spec: PairSpec, state: PairState, premium: Premium, step: Step): void {
  const elapsed = comparableTime(state, premium.time)
  const spell = longestSpell(state)
  premium.elapsed_ms = elapsed
  premium.spell_ms = state.observed === null ? 0 : spell
  const states = rulesInOrder(spec, state)
  for (let i = 0; i < states.length; i++) {
    const transition = observe(spec.rules[i] as RuleSpec, states[i] as RuleState, premium, elapsed, spell)
    if (transition !== null) step.transitions = [...step.transitions, transition]
  }
  markObserved(state, premium)
  if (step.transitions.length > 0) planWake(spec, state, premium.seen_at)
}

function rulesInOrder({ rules }: PairSpec, state: PairState): readonly RuleState[] {
  if (state.lined_up?.rules !== rules) {
    for (const rule of rules) {
      if (state.rules[rule.rule] === undefined)
        setRule(state, rule.rule, newRuleState(rule, state.observed !== null))
    }
    state.lined_up = { rules, states: rules.map(({ rule }) => state.rules[rule] as RuleState) }
  }
  return state.lined_up.states
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
  if (cause === state.cause) return assessment
  const time = Math.max(instant, state.since)
  state.comparability = assessment.state
  state.cause = cause
  state.since = time
  planWake(spec, state, time)
  step.changes = [...step.changes, { time, state: assessment.state, reason: assessment.reason() }]
  return assessment
}

function legOf(state: PairState, series: string): LegState | undefined {
  for (let i = 0; i < state.legs.length; i++) {
    const leg = state.legs[i] as LegState
    if (leg.spec.facts.series === series) return leg
  }
  return undefined
}
