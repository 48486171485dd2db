/**
 * One engine for live evaluation, backtest, rule tests and replay: they differ only in who supplies the events.
 * Pure and synchronous; the state handed in is consumed and handed back.
 */
import { type Assessment, assess, plausible } from './comparability.ts'
import { datesToCompare, forgetDates, rememberDate } from './dates.ts'
import { forgetBefore, insert, latest } from './history.ts'
import type { ComparabilityChange, Event, Premium, Tick, Transition } from './model.ts'
import { computePremium, type Legs } from './premium.ts'
import { newRuleState, observe } from './rules.ts'
import type { LegSpec, PairSpec, RuleSpec } from './spec.ts'
import type { LegState, PairState, RuleState } from './state.ts'

export interface Step {
  state: PairState
  /** usually none or one; a rate that completes several dates gives several */
  premiums: readonly Premium[]
  transitions: readonly Transition[]
  changes: readonly ComparabilityChange[]
}

/** What has happened in this step; arrays are made only when there is something to hold. */
interface Outcome {
  premiums: Premium[] | null
  transitions: Transition[] | null
  changes: ComparabilityChange[] | null
}

const NOTHING: readonly never[] = []

/** Folds one event. Ages are measured against the event's own moment, never against a clock. */
export function advance(spec: PairSpec, state: PairState, event: Event): Step {
  const outcome: Outcome = { premiums: null, transitions: null, changes: null }
  const instant = event.is === 'tick' ? event.tick.seen_at : event.at
  settle(spec, state, instant, outcome)
  if (event.is === 'tick') takeTick(spec, state, event.tick, outcome)
  else if (state.since === 0) reassess(spec, state, instant, false, outcome)
  return {
    state,
    premiums: outcome.premiums ?? NOTHING,
    transitions: outcome.transitions ?? NOTHING,
    changes: outcome.changes ?? NOTHING,
  }
}

/** The next instant at which time alone may change something; null when only ticks can. */
export function nextClock(state: PairState): number | null {
  const next = Math.min(state.stale_at + 1, state.session_at)
  return Number.isFinite(next) && next < 8.64e15 ? next : null
}

/**
 * Lets time pass up to the instant, one change after the other: the result does not depend on how often it is told.
 */
function settle(spec: PairSpec, state: PairState, instant: number, outcome: Outcome): void {
  while (state.stale_at < instant || state.session_at <= instant) {
    reassess(spec, state, Math.min(state.stale_at, state.session_at), true, outcome)
  }
}

function takeTick(spec: PairSpec, state: PairState, tick: Tick, outcome: Outcome): void {
  const leg_spec = legOf(spec, tick.series)
  if (leg_spec === null) return
  const leg = state.legs[leg_spec.slot] as LegState
  if (tick.quarantined !== null) {
    leg.doubted = tick
    reassess(spec, state, tick.seen_at, false, outcome)
    return
  }
  const newestBefore = latest(leg.history)
  leg.doubted = null
  insert(leg.history, tick)
  const assessment = reassess(spec, state, tick.seen_at, false, outcome)
  if (spec.align === 'date') compareDates(spec, state, tick, assessment, outcome)
  else if (tick.revision > 1) correctLast(spec, state, tick, outcome)
  else if (leg_spec !== spec.fx && assessment.legs !== null) {
    if (newestBefore !== undefined && tick.at < newestBefore.at) return
    compareLive(spec, state, assessment.legs, tick, outcome)
  }
  forget(spec, state, leg_spec, leg)
}

/** A new tick of a leg while the pair is comparable is one observation, unless it steps back onto the same two ticks. */
function compareLive(spec: PairSpec, state: PairState, legs: Legs, tick: Tick, outcome: Outcome): void {
  const { observed } = state
  if (observed?.east.tick_id === legs.east.tick_id && observed.west.tick_id === legs.west.tick_id) return
  const isLate = observed !== null && Math.max(legs.east.at, legs.west.at) < observed.time
  const premium = computePremium(spec, legs, tick.seen_at, isLate ? 'late' : 'observation')
  outcome.premiums = [premium]
  if (!isLate) foldRules(spec, state, premium, outcome)
}

function compareDates(
  spec: PairSpec,
  state: PairState,
  tick: Tick,
  assessment: Assessment,
  outcome: Outcome,
): void {
  for (const { date, legs, correction } of datesToCompare(spec, state, tick)) {
    const verdict = plausible(spec, legs)
    if (verdict.state !== 'comparable') continue
    rememberDate(state, date, legs)
    const isLate = state.observed !== null && Math.max(legs.east.at, legs.west.at) < state.observed.time
    const standing = correction ? 'correction' : isLate ? 'late' : 'observation'
    const premium = computePremium(spec, legs, tick.seen_at, standing)
    outcome.premiums ??= []
    outcome.premiums.push(premium)
    if (standing !== 'observation') continue
    if (assessment.state === 'comparable') foldRules(spec, state, premium, outcome)
    else markObserved(state, premium)
  }
}

/** A revision of a tick that the last observation used replaces that premium; it moves no rule. */
function correctLast(spec: PairSpec, state: PairState, tick: Tick, outcome: Outcome): void {
  const { observed } = state
  if (observed === null) return
  const east = revised(observed.east, tick)
  const west = revised(observed.west, tick)
  const fx = observed.fx === null ? null : revised(observed.fx, tick)
  if (east === observed.east && west === observed.west && fx === observed.fx) return
  const east_spec = spec.east.find((leg) => leg.facts.series === east.series)
  const west_spec = spec.west.find((leg) => leg.facts.series === west.series)
  if (east_spec === undefined || west_spec === undefined) return
  const legs = { east_spec, west_spec, east, west, fx }
  outcome.premiums = [computePremium(spec, legs, tick.seen_at, 'correction')]
  state.observed = { time: observed.time, east, west, fx }
}

function revised(used: Tick, tick: Tick): Tick {
  return used.series === tick.series && used.at === tick.at ? tick : used
}

function foldRules(spec: PairSpec, state: PairState, premium: Premium, outcome: Outcome): void {
  const elapsed = comparableTime(state, premium.time)
  for (const rule of spec.rules) {
    const transition = observe(rule, ruleState(state, rule), premium, elapsed)
    if (transition !== null) {
      outcome.transitions ??= []
      outcome.transitions.push(transition)
    }
  }
  markObserved(state, premium)
}

/** Milliseconds since the last observation in which the pair was comparable (SEMANTICS 20). */
function comparableTime(state: PairState, time: number): number {
  if (state.observed === null || state.left_out) return 0
  let elapsed = time - state.observed.time
  for (const [from, until] of state.spells) {
    elapsed -= Math.max(0, Math.min(until, time) - Math.max(from, state.observed.time))
  }
  return Math.max(0, elapsed)
}

/** Compares anew; a spell that begins or ends here is told and remembered for the holds. */
function reassess(
  spec: PairSpec,
  state: PairState,
  instant: number,
  just_after: boolean,
  outcome: Outcome,
): Assessment {
  const assessment = assess(spec, state, instant, just_after)
  planNextLook(spec, state, instant, just_after)
  const time = Math.max(instant, state.since)
  const cause = assessment.leg === '' ? assessment.state : `${assessment.state} ${assessment.leg}`
  if (cause === state.cause) return assessment
  if (state.cause !== '' && state.comparability !== 'comparable') state.spells.push([state.since, time])
  state.left_out ||= LEAVES_OUT[assessment.state]
  state.comparability = assessment.state
  state.cause = cause
  state.since = time
  outcome.changes ??= []
  outcome.changes.push({ time, state: assessment.state, reason: assessment.reason() })
  return assessment
}

/** Closed and stale are known to the instant, so only what lay beyond it is lost; of these nobody knows since when. */
const LEAVES_OUT = {
  comparable: false,
  closed: false,
  stale: false,
  missing: true,
  implausible: true,
  disputed: true,
  skewed: true,
} as const

function markObserved(state: PairState, { time, east, west, fx }: Premium): void {
  state.observed = { time, east, west, fx }
  if (state.comparability !== 'comparable') return
  if (state.spells.length > 0) state.spells = []
  state.left_out = false
}

/** The instants behind which a leg is too old, or a session begins or ends. */
function planNextLook(spec: PairSpec, state: PairState, instant: number, just_after: boolean): void {
  state.stale_at = Number.POSITIVE_INFINITY
  state.session_at = Number.POSITIVE_INFINITY
  for (const leg of spec.east) planLeg(state, leg, instant, just_after)
  for (const leg of spec.west) planLeg(state, leg, instant, just_after)
  if (spec.fx !== null) planLeg(state, spec.fx, instant, just_after)
}

function planLeg(state: PairState, leg: LegSpec, instant: number, just_after: boolean): void {
  const tick = newestOf(state, leg)
  const expires = tick === undefined ? Number.NEGATIVE_INFINITY : tick.at + leg.max_age_ms
  if (just_after ? expires > instant : expires >= instant) state.stale_at = Math.min(state.stale_at, expires)
  if (leg.calendar === null) return
  state.session_at = Math.min(state.session_at, leg.calendar.sessionAt(instant).until)
}

function legOf(spec: PairSpec, series: string): LegSpec | null {
  for (const leg of spec.east) if (leg.facts.series === series) return leg
  for (const leg of spec.west) if (leg.facts.series === series) return leg
  return spec.fx?.facts.series === series ? spec.fx : null
}

function ruleState(state: PairState, rule: RuleSpec): RuleState {
  const known = state.rules[rule.rule]
  if (known !== undefined) return known
  const fresh = newRuleState(rule)
  state.rules[rule.rule] = fresh
  return fresh
}

/** How many ticks a leg collects between two clean-ups. */
const STRIDE = 32

/** A leg steps back to the time of the other, so it keeps what the other has not reached, if that is alive at all. */
function forget(spec: PairSpec, state: PairState, leg_spec: LegSpec, leg: LegState): void {
  if (leg.history.length % STRIDE !== 0) return
  if (spec.align === 'date') return forgetDates(leg.history)
  const newest = (latest(leg.history) as Tick).at
  let cutoff = newest
  for (const other of othersOf(spec, leg_spec)) {
    const reached = newestOf(state, other)?.at ?? Number.NEGATIVE_INFINITY
    cutoff = Math.min(cutoff, Math.max(reached, newest - other.max_age_ms - spec.max_skew_ms))
  }
  forgetBefore(leg.history, cutoff)
}

function othersOf(spec: PairSpec, leg: LegSpec): LegSpec[] {
  if (leg === spec.fx) return [...spec.east, ...spec.west]
  return spec.east.includes(leg) ? spec.west : spec.east
}

function newestOf(state: PairState, leg: LegSpec): Tick | undefined {
  return latest((state.legs[leg.slot] as LegState).history)
}
