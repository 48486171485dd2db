/** May the legs be compared at this moment, and if not, why not (SEMANTICS 7 to 11, 17). */
import { age } from './age.ts'
import { atOrBefore, firstAfter, latest } from './history.ts'
import type { ComparabilityState, Tick } from './model.ts'
import { inUsd, type Legs, percentOver } from './premium.ts'
import { lookAtSessions } from './sessions.ts'
import type { LegSpec, PairSpec } from './spec.ts'
import type { LegState, PairState } from './state.ts'

export interface Assessment {
  state: ComparabilityState
  /** the leg to blame, or '' */
  leg: 'east' | 'west' | 'fx' | ''
  /** of `comparable`: what is compared; null otherwise, and for dates, which compare what belongs together */
  legs: Legs | null
  /** explains itself; called only when somebody wants to know */
  reason(): string
}

/** What can be wrong with a leg alone, the first that holds. */
const OBSTACLES = ['missing', 'implausible', 'disputed', 'closed', 'stale'] as const
type Obstacle = (typeof OBSTACLES)[number]

/**
 * The first pair of candidates that is comparable at `instant`, or what stands in the way of the first. At the very
 * instant at which a leg's `max_age` is reached it is still usable; `just_after` asks for the moment behind it.
 */
export function assess(spec: PairSpec, state: PairState, instant: number, just_after = false): Assessment {
  if (instant < state.session_from || instant >= state.session_at) lookAtSessions(state, instant)
  let first: Assessment | null = null
  for (let e = 0; e < spec.east.length; e++) {
    for (let w = 0; w < spec.west.length; w++) {
      const east = spec.east[e] as LegSpec
      const west = spec.west[w] as LegSpec
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
  const fx = spec.fx !== null && (east.in_cny || west.in_cny) ? spec.fx : null
  const of_east = obstacleOf(legOf(state, east), instant, just_after)
  const of_west = obstacleOf(legOf(state, west), instant, just_after)
  const of_fx = fx === null ? null : obstacleOf(legOf(state, fx), instant, just_after)
  if (of_east === null && of_west === null && of_fx === null) {
    return spec.align === 'date' ? comparable(null) : alignLive(spec, state, east, west, fx)
  }
  const worst = worstOf([of_east, of_west, of_fx])
  if (worst === of_east) return blamed('east', worst, legOf(state, east), instant)
  if (worst === of_west) return blamed('west', worst, legOf(state, west), instant)
  return blamed('fx', worst, legOf(state, fx as LegSpec), instant)
}

function worstOf(obstacles: readonly (Obstacle | null)[]): Obstacle {
  return OBSTACLES.find((each) => obstacles.includes(each)) as Obstacle
}

function obstacleOf(leg: LegState, instant: number, just_after: boolean): Obstacle | null {
  // A first price that was not believed is implausible rather than missing.
  if (leg.doubted !== null) return 'implausible'
  const tick = latest(leg.history)
  if (tick === undefined) return 'missing'
  if (tick.disputed !== undefined) return 'disputed'
  if (!leg.open) return 'closed'
  const excess = instant - tick.at - leg.spec.max_age_ms
  return (just_after ? excess < 0 : excess <= 0) ? null : 'stale'
}

// Reasons are closures made in functions of their own: a function that holds one pays for its variables on every call.
function blamed(
  leg: 'east' | 'west' | 'fx',
  obstacle: Obstacle,
  state: LegState,
  instant: number,
): Assessment {
  return refused(obstacle, leg, () => `${leg} ${obstacle}: ${detail(obstacle, state, instant)}`)
}

function detail(obstacle: Obstacle, { spec, history, doubted }: LegState, instant: number): string {
  switch (obstacle) {
    case 'missing':
      return `no price of ${spec.facts.series} yet`
    case 'implausible':
      return `${doubted?.price} ${doubted?.quarantined}`
    case 'disputed':
      return (latest(history) as Tick).disputed as string
    case 'closed':
      return `${spec.facts.venue} is not in session`
    case 'stale': {
      const old = age(instant - (latest(history) as Tick).at)
      const allowed = age(spec.max_age_ms)
      return `${old === allowed ? `just over ${old}` : old} old, ${allowed} allowed`
    }
  }
}

/** Steps the leg that is ahead back to the other's time, and takes the rate as of the later one. */
function alignLive(
  spec: PairSpec,
  state: PairState,
  east_spec: LegSpec,
  west_spec: LegSpec,
  fx_spec: LegSpec | null,
): Assessment {
  let east = newest(state, east_spec)
  let west = newest(state, west_spec)
  const ahead = east.at - west.at
  if (ahead > spec.max_skew_ms) east = steppedBack(state, east_spec, west.at) ?? east
  else if (-ahead > spec.max_skew_ms) west = steppedBack(state, west_spec, east.at) ?? west
  if (Math.abs(east.at - west.at) > spec.max_skew_ms) return skewed(east.at - west.at, spec)
  const time = Math.max(east.at, west.at)
  const fx = fx_spec === null ? null : rateAsOf(state, fx_spec, time, spec.max_skew_ms)
  if (fx === undefined) return withoutRate(fx_spec as LegSpec)
  return plausible(spec, { east_spec, west_spec, east, west, fx })
}

function withoutRate(fx: LegSpec): Assessment {
  return refused('missing', 'fx', () => `fx missing: no ${fx.facts.series} at the time of the legs`)
}

/** The leg that is behind is named, but not blamed: which one it is may change while the legs stay apart. */
function skewed(ahead_ms: number, spec: PairSpec): Assessment {
  const who = ahead_ms > 0 ? ['west', 'east'] : ['east', 'west']
  return refused(
    'skewed',
    '',
    () => `${who[0]} skewed: ${age(Math.abs(ahead_ms))} behind ${who[1]}, ${age(spec.max_skew_ms)} allowed`,
  )
}

/** The premium itself must be believable; this also judges the first tick of a series (SEMANTICS 4). */
export function plausible(spec: PairSpec, legs: Legs): Assessment {
  const percent = percentOver(
    inUsd(legs.east_spec, legs.east, legs.fx),
    inUsd(legs.west_spec, legs.west, legs.fx),
  )
  const bounds = spec.plausible_premium
  return percent >= bounds[0] && percent <= bounds[1] ? comparable(legs) : unbelievable(percent, bounds)
}

function unbelievable(percent: number, [low, high]: PairSpec['plausible_premium']): Assessment {
  return refused(
    'implausible',
    '',
    () => `premium implausible: ${percent.toFixed(2)} %, ${low} to ${high} % allowed`,
  )
}

/** The last rate at or before the time; where there is none yet, one at most `max_skew_ms` later. */
function rateAsOf(state: PairState, fx: LegSpec, time: number, max_skew_ms: number): Tick | undefined {
  const { history } = legOf(state, fx)
  const before = atOrBefore(history, time)
  if (before !== undefined) return before
  const after = firstAfter(history, time) as Tick
  return after.at - time <= max_skew_ms ? after : undefined
}

function legOf(state: PairState, leg: LegSpec): LegState {
  return state.legs[leg.slot] as LegState
}

/** Of a leg without an obstacle, so there is one. */
function newest(state: PairState, leg: LegSpec): Tick {
  return latest(legOf(state, leg).history) as Tick
}

function steppedBack(state: PairState, leg: LegSpec, instant: number): Tick | undefined {
  return atOrBefore(legOf(state, leg).history, instant)
}

const COMPARABLE_REASON = () => ''

function comparable(legs: Legs | null): Assessment {
  return { state: 'comparable', leg: '', legs, reason: COMPARABLE_REASON }
}

function refused(state: ComparabilityState, leg: Assessment['leg'], reason: () => string): Assessment {
  return { state, leg, legs: null, reason }
}
