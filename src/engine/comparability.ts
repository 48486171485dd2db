/** May the legs be compared at this moment, and if not, why not (SEMANTICS 7 to 11, 17). */
import { atOrBefore, firstAfter, latest } from './history.ts'
import type { ComparabilityState, Tick } from './model.ts'
import { inUsd, type Legs, percentOver } from './premium.ts'
import type { LegSpec, PairSpec } from './spec.ts'
import type { PairState } from './state.ts'

export interface Assessment {
  state: ComparabilityState
  /** the leg to blame, or '' */
  leg: 'east' | 'west' | 'fx' | ''
  /** of `comparable`: what is compared; null otherwise, and for dates, which compare what belongs together */
  legs: Legs | null
  /** explains itself; called only when somebody wants to know */
  reason(): string
}

const COMPARABLE_REASON = () => ''

/**
 * The first pair of candidates that is comparable at `instant`, or what stands in the way of the first. At the very
 * instant at which a leg's `max_age` is reached it is still usable; `just_after` asks for the moment behind it.
 */
export function assess(spec: PairSpec, state: PairState, instant: number, just_after = false): Assessment {
  let first: Assessment | null = null
  for (const east of spec.east) {
    for (const west of spec.west) {
      const assessment = assessLegs(spec, state, east, west, instant, just_after)
      if (assessment.state === 'comparable') return assessment
      first ??= assessment
    }
  }
  return first as Assessment
}

function assessLegs(
  spec: PairSpec,
  state: PairState,
  east: LegSpec,
  west: LegSpec,
  instant: number,
  just_after: boolean,
): Assessment {
  const east_tick = newest(state, east)
  const west_tick = newest(state, west)
  const fx = spec.fx !== null && (east.in_cny || west.in_cny) ? spec.fx : null
  const fx_tick = fx === null ? null : newest(state, fx)
  if (east_tick === undefined) return missing(state, 'east', east)
  if (west_tick === undefined) return missing(state, 'west', west)
  if (fx_tick === undefined) return missing(state, 'fx', fx as LegSpec)
  return (
    doubtful(state, 'east', east) ??
    doubtful(state, 'west', west) ??
    (fx && doubtful(state, 'fx', fx)) ??
    closed('east', east, instant) ??
    closed('west', west, instant) ??
    stale('east', east, east_tick, instant, just_after) ??
    stale('west', west, west_tick, instant, just_after) ??
    (fx && stale('fx', fx, fx_tick as Tick, instant, just_after)) ??
    (spec.align === 'date' ? comparable(null) : alignLive(spec, state, east, west, fx))
  )
}

/** Steps the leg that is ahead back to the other's time, and takes the rate as of the later one. */
function alignLive(
  spec: PairSpec,
  state: PairState,
  east_spec: LegSpec,
  west_spec: LegSpec,
  fx_spec: LegSpec | null,
): Assessment {
  let east = newest(state, east_spec) as Tick
  let west = newest(state, west_spec) as Tick
  if (east.at - west.at > spec.max_skew_ms) east = steppedBack(state, east_spec, west.at) ?? east
  else if (west.at - east.at > spec.max_skew_ms) west = steppedBack(state, west_spec, east.at) ?? west
  const skew = Math.abs(east.at - west.at)
  if (skew > spec.max_skew_ms) {
    return refused('skewed', '', () => `legs skewed: ${age(skew)} apart, ${age(spec.max_skew_ms)} allowed`)
  }
  const time = Math.max(east.at, west.at)
  const fx = fx_spec === null ? null : rateAsOf(state, fx_spec, time, spec.max_skew_ms)
  if (fx === undefined)
    return refused('missing', 'fx', () => `fx missing: no ${fx_spec?.facts.series} at the time of the legs`)
  return plausible(spec, { east_spec, west_spec, east, west, fx })
}

/** The premium itself must be believable; this also judges the first tick of a series (SEMANTICS 4). */
export function plausible(spec: PairSpec, legs: Legs): Assessment {
  const [low, high] = spec.plausible_premium
  const percent = percentOver(
    inUsd(legs.east_spec, legs.east, legs.fx),
    inUsd(legs.west_spec, legs.west, legs.fx),
  )
  if (percent >= low && percent <= high) return comparable(legs)
  return refused(
    'implausible',
    '',
    () => `premium implausible: ${percent.toFixed(2)} %, ${low} to ${high} % allowed`,
  )
}

/** The last rate at or before the time; where there is none yet, one at most `max_skew_ms` later. */
function rateAsOf(state: PairState, fx: LegSpec, time: number, max_skew_ms: number): Tick | undefined {
  const history = state.legs[fx.slot]?.history ?? []
  const before = atOrBefore(history, time)
  if (before !== undefined) return before
  const after = firstAfter(history, time)
  return after !== undefined && after.at - time <= max_skew_ms ? after : undefined
}

function newest(state: PairState, leg: LegSpec): Tick | undefined {
  const known = state.legs[leg.slot]
  return known === undefined ? undefined : latest(known.history)
}

function steppedBack(state: PairState, leg: LegSpec, instant: number): Tick | undefined {
  return atOrBefore(state.legs[leg.slot]?.history ?? [], instant)
}

function comparable(legs: Legs | null): Assessment {
  return { state: 'comparable', leg: '', legs, reason: COMPARABLE_REASON }
}

function refused(state: ComparabilityState, leg: Assessment['leg'], reason: () => string): Assessment {
  return { state, leg, legs: null, reason }
}

/** Nothing good has been seen: a first price that was not believed is implausible rather than missing. */
function missing(state: PairState, leg: 'east' | 'west' | 'fx', spec: LegSpec): Assessment {
  return (
    doubtful(state, leg, spec) ??
    refused('missing', leg, () => `${leg} missing: no price of ${spec.facts.series} yet`)
  )
}

function doubtful(state: PairState, leg: 'east' | 'west' | 'fx', spec: LegSpec): Assessment | null {
  const doubted = state.legs[spec.slot]?.doubted ?? null
  if (doubted === null) return null
  return refused('implausible', leg, () => `${leg} implausible: ${doubted.price} ${doubted.quarantined}`)
}

function closed(leg: 'east' | 'west', spec: LegSpec, instant: number): Assessment | null {
  if (spec.calendar === null || spec.calendar.sessionAt(instant).open) return null
  return refused('closed', leg, () => `${leg} closed: ${spec.facts.venue} is not in session`)
}

function stale(
  leg: 'east' | 'west' | 'fx',
  spec: LegSpec,
  tick: Tick,
  instant: number,
  just_after: boolean,
): Assessment | null {
  const excess = instant - tick.at - spec.max_age_ms
  if (just_after ? excess < 0 : excess <= 0) return null
  return refused(
    'stale',
    leg,
    () => `${leg} stale: ${age(instant - tick.at)} old, ${age(spec.max_age_ms)} allowed`,
  )
}

/** "14 min", "2 d 3 h": two parts are enough to act on. */
export function age(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}
