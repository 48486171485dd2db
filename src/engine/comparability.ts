/** May the legs be compared at this moment, and if not, why not. */
import { age } from './age.ts'
import { atOrBefore, firstAfter, type History, latest } from './history.ts'
import type { ComparabilityState, Premium, Tick } from './model.ts'
import { computePremium, type Legs } from './premium.ts'
import { lookAtSessions } from './sessions.ts'
import type { LegSpec, PairSpec } from './spec.ts'
import type { Candidate, LegState, PairState } from './state.ts'

export interface Assessment {
  state: ComparabilityState
  /** the leg to blame, or '' */
  leg: 'east' | 'west' | 'fx' | ''
  /** of `comparable`: what an observation would be; null otherwise, and for dates, which compare what belongs together */
  premium: Premium | null
  /** explains itself; called only when somebody wants to know */
  reason(): string
}

/** What can be wrong with a leg alone, the first that holds; by number, because the worst of several is the smallest. */
const OBSTACLES = ['missing', 'implausible', 'disputed', 'closed', 'stale'] as const
type Obstacle = (typeof OBSTACLES)[number]
const [MISSING, IMPLAUSIBLE, DISPUTED, CLOSED, STALE, NONE] = [0, 1, 2, 3, 4, 5] as const

/**
 * The first pair of candidates that is comparable at `instant`, or what stands in the way of the first that would do. At
 * the very instant at which a leg's `max_age` is reached it is still usable; `just_after` asks for the moment behind it.
 */
export function assess(spec: PairSpec, state: PairState, instant: number, just_after = false): Assessment {
  if (instant < state.session_from || instant >= state.session_at) lookAtSessions(state, instant)
  const { candidates } = state
  for (let i = 0; i < candidates.length; i++) {
    const assessment = assessCandidate(spec, candidates[i] as Candidate, instant, just_after)
    if (assessment.state === 'comparable') return assessment
  }
  return whatStandsInTheWay(spec, candidates, instant, just_after)
}

/** A source that is out of order is not to blame where another of its list would do. */
function whatStandsInTheWay(
  spec: PairSpec,
  candidates: readonly Candidate[],
  instant: number,
  just_after: boolean,
): Assessment {
  const wouldDo = (leg: LegState) => obstacleOf(leg, instant, just_after) === NONE
  const ofEast = candidates.find(({ east }) => wouldDo(east)) ?? candidates[0]
  const ofWest = candidates.find(({ west }) => wouldDo(west)) ?? candidates[0]
  const both = candidates.find(({ east, west }) => east === ofEast?.east && west === ofWest?.west)
  return assessCandidate(spec, both as Candidate, instant, just_after)
}

function assessCandidate(
  spec: PairSpec,
  { east, west, fx }: Candidate,
  instant: number,
  just_after: boolean,
): Assessment {
  const of_east = obstacleOf(east, instant, just_after)
  const of_west = obstacleOf(west, instant, just_after)
  const of_fx = fx === null ? NONE : obstacleOf(fx, instant, just_after)
  const worst = Math.min(of_east, of_west, of_fx)
  if (worst === NONE)
    return spec.align === 'date' ? comparable(null) : alignLive(spec, east, west, fx, instant)
  if (worst === of_east) return blamed('east', worst, east, instant)
  if (worst === of_west) return blamed('west', worst, west, instant)
  return blamed('fx', worst, fx as LegState, instant)
}

function obstacleOf(leg: LegState, instant: number, just_after: boolean): number {
  // A first price that was not believed is implausible rather than missing.
  if (leg.doubted !== null) return IMPLAUSIBLE
  const tick = latest(leg.history)
  if (tick === undefined) return MISSING
  if (tick.disputed !== undefined) return DISPUTED
  if (!leg.open) return CLOSED
  const excess = instant - tick.at - leg.spec.max_age_ms
  return (just_after ? excess < 0 : excess <= 0) ? NONE : STALE
}

// Reasons are closures made in functions of their own: a function that holds one pays for its variables on every call.
function blamed(leg: 'east' | 'west' | 'fx', worst: number, state: LegState, instant: number): Assessment {
  const obstacle = OBSTACLES[worst] as Obstacle
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
  east_leg: LegState,
  west_leg: LegState,
  fx_leg: LegState | null,
  instant: number,
): Assessment {
  let east = latest(east_leg.history) as Tick
  let west = latest(west_leg.history) as Tick
  if (Math.abs(east.at - west.at) > spec.max_skew_ms) {
    if (east.at > west.at) east = atOrBefore(east_leg.history, west.at) ?? east
    else west = atOrBefore(west_leg.history, east.at) ?? west
    if (Math.abs(east.at - west.at) > spec.max_skew_ms) return skewed(east.at - west.at, spec)
  }
  const fx = fx_leg === null ? null : rateAsOf(fx_leg.history, Math.max(east.at, west.at), spec.max_skew_ms)
  if (fx === undefined) return withoutRate((fx_leg as LegState).spec)
  return plausible(spec, { east_spec: east_leg.spec, west_spec: west_leg.spec, east, west, fx }, instant)
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

/** The premium itself must be believable; this also judges the first tick of a series. */
export function plausible(spec: PairSpec, legs: Legs, seen_at: number): Assessment {
  const premium = computePremium(legs, seen_at, 'observation')
  const percent = premium.unrounded_pct
  const bounds = spec.plausible_premium
  return percent >= bounds[0] && percent <= bounds[1] ? comparable(premium) : unbelievable(percent, bounds)
}

function unbelievable(percent: number, [low, high]: PairSpec['plausible_premium']): Assessment {
  return refused(
    'implausible',
    '',
    () => `premium implausible: ${percent.toFixed(2)} %, ${low} to ${high} % allowed`,
  )
}

/** The last rate at or before the time; where there is none yet, one at most `max_skew_ms` later. */
function rateAsOf(history: History, time: number, max_skew_ms: number): Tick | undefined {
  const before = atOrBefore(history, time)
  if (before !== undefined) return before
  const after = firstAfter(history, time) as Tick
  return after.at - time <= max_skew_ms ? after : undefined
}

const COMPARABLE_REASON = () => ''

function comparable(premium: Premium | null): Assessment {
  return { state: 'comparable', leg: '', premium, reason: COMPARABLE_REASON }
}

function refused(state: ComparabilityState, leg: Assessment['leg'], reason: () => string): Assessment {
  return { state, leg, premium: null, reason }
}
