/** All that the engine remembers of a pair. It is stored with the transition it led to, and nothing else is remembered. */
import type { History } from './history.ts'
import type { ComparabilityState, Premium, Tick } from './model.ts'
import { type LegSpec, legsOf, type PairSpec } from './spec.ts'
import type { Watches } from './watch.ts'
import type { Slot } from './window.ts'

export interface LegState {
  /** that of the spec, which is asked for at every tick */
  series: string
  spec: LegSpec
  history: History
  /** the source's latest word, when it is not believed; it says something else than what we hold */
  doubted: Tick | null
  /** its venue is in session, between the pair's `session_from` and `session_at`; true where there are no sessions */
  open: boolean
}

/** What may be compared: two legs, and the rate where one of them is quoted in CNY. */
export interface Candidate {
  east: LegState
  west: LegState
  fx: LegState | null
}

/** A hold that is running: every observation since `since` was on the right side of a bound. */
export interface Hold {
  since: number
  /** comparable time so far, milliseconds */
  held_ms: number
  samples: number
  /** the value furthest out */
  peak: number
}

export interface BreachState {
  sequence: number
  began_at: number
  raised_at: number
  /** the value furthest out since `began_at` */
  peak: number
  /** index of the level in force, and of the highest one reached */
  level: number
  highest: number
  /** on the clock: when it was last told (raised, escalated or reminded of) */
  told_at: number
  /** since when nothing was observed, once that has lasted for `max_gap` */
  unobserved_since: number | null
}

/** ok: no breach, no `up`; pending: `up` runs; raised: a breach; clearing: a breach and `down` runs (per level). */
export interface RuleState {
  fingerprint: string
  breach: BreachState | null
  up: (Hold | null)[]
  down: (Hold | null)[]
  /** it has seen nothing but breaching values yet, and joined a pair that had been observed before (`late`) or not */
  start: 'late' | 'new' | null
  /** `on_start: wait`, up to its first clear: how many levels, from the first, are not told because they were breached before */
  waits?: number
  /** of a measure over history: the values before, oldest first */
  slots?: Slot[]
}

/** What a date has been compared with, for `align: date`. */
export interface ComparedDate {
  date: string
  east_tick_id: number
  west_tick_id: number
  fx_tick_id: number | null
}

/** When a premium was observed and on which ticks; the premium itself, until the state is stored. */
export type Observation = Pick<Premium, 'time' | 'east' | 'west' | 'fx'>

export interface PairState {
  /** by slot */
  legs: LegState[]
  /** of these legs, in order of preference; worked out anew after loading */
  candidates: Candidate[]
  comparability: ComparabilityState
  /** the state and the leg to blame: what makes two spells different */
  cause: string
  since: number
  /** the instants at which time alone may change the comparability */
  stale_at: number
  session_at: number
  /** when a reminder is due or a breach becomes unobserved */
  wake_at: number
  /** since when no venue has opened or closed; worked out anew after loading */
  session_from: number
  /** the last observation and what it compared */
  observed: Observation | null
  /** spells without comparability since the last observation, [from, until) */
  spells: [number, number][]
  /** the one that has not ended */
  spell_since: number | null
  /** since when the pair was missing, implausible, disputed or skewed: to the next observation no time counts */
  left_out_at: number | null
  /** changed by `setRule` only */
  rules: Readonly<Record<string, RuleState>>
  /** the rules beside these states; null: to be lined up */
  watched: Watches | null
  /** newest last; `align: date` only */
  dates: ComparedDate[]
}

export function newState(spec: PairSpec): PairState {
  return {
    ...withCandidates(spec, legsOf(spec).map(newLeg)),
    comparability: 'missing',
    cause: '',
    since: 0,
    stale_at: Number.POSITIVE_INFINITY,
    session_at: Number.POSITIVE_INFINITY,
    wake_at: Number.POSITIVE_INFINITY,
    session_from: Number.POSITIVE_INFINITY,
    observed: null,
    spells: [],
    spell_since: null,
    left_out_at: null,
    rules: {},
    watched: null,
    dates: [],
  }
}

/** Legs by slot, and what may be compared of them. */
export function withCandidates(spec: PairSpec, legs: LegState[]): Pick<PairState, 'legs' | 'candidates'> {
  const stateOf = ({ slot }: LegSpec) => legs[slot] as LegState
  const candidates = spec.east.flatMap((east) =>
    spec.west.map((west): Candidate => {
      const fx = east.in_cny || west.in_cny ? spec.fx : null
      return { east: stateOf(east), west: stateOf(west), fx: fx && stateOf(fx) }
    }),
  )
  return { legs, candidates }
}

function newLeg(spec: LegSpec): LegState {
  return { series: spec.facts.series, spec, history: [], doubted: null, open: true }
}

type TickTuple = [
  tick_id: number,
  at: number,
  seen_at: number,
  price: number,
  revision: number,
  quarantined?: string | null,
  disputed?: string,
]

/**
 * JSON text of a state. Ticks become tuples: a leg that runs ahead of a delayed one keeps hundreds of them.
 */
export function dumpState(spec: PairSpec, state: PairState): string {
  const { candidates: _, session_from: __, watched: ___, observed, ...kept } = state
  const legs = legsOf(spec).map((leg) => {
    const { history, doubted } = state.legs[leg.slot] as LegState
    return [leg.facts.series, history.map(toTuple), doubted === null ? null : toTuple(doubted)]
  })
  return JSON.stringify({
    ...kept,
    legs,
    observed: observed === null ? null : observationOf(observed),
    stale_at: finite(state.stale_at),
    session_at: finite(state.session_at),
    wake_at: finite(state.wake_at),
  })
}

type Dumped = Omit<
  PairState,
  'legs' | 'candidates' | 'stale_at' | 'session_at' | 'wake_at' | 'session_from' | 'watched'
> & {
  legs: [string, TickTuple[], TickTuple | null][]
  stale_at: number | null
  session_at: number | null
  wake_at: number | null
}

/** The inverse of `dumpState`, from its text or from the parsed JSON. A leg that the pair no longer has is dropped. */
export function loadState(spec: PairSpec, dumped: unknown): PairState {
  const raw = (typeof dumped === 'string' ? JSON.parse(dumped) : dumped) as Dumped
  const legs = legsOf(spec).map((leg): LegState => {
    const { series } = leg.facts
    const [, history, doubted] = raw.legs.find(([name]) => name === series) ?? [series, [], null]
    return {
      ...newLeg(leg),
      history: history.map((tuple) => fromTuple(series, tuple)),
      doubted: doubted === null ? null : fromTuple(series, doubted),
    }
  })
  return {
    ...raw,
    ...withCandidates(spec, legs),
    stale_at: raw.stale_at ?? Number.POSITIVE_INFINITY,
    session_at: raw.session_at ?? Number.POSITIVE_INFINITY,
    wake_at: raw.wake_at ?? Number.POSITIVE_INFINITY,
    session_from: Number.POSITIVE_INFINITY,
    watched: null,
  }
}

/** Null: the rule is forgotten. */
export function setRule(state: PairState, rule: string, known: RuleState | null): void {
  const { [rule]: _, ...others } = state.rules
  state.rules = known === null ? others : { ...others, [rule]: known }
  state.watched = null
}

function observationOf({ time, east, west, fx }: Observation): Observation {
  return { time, east, west, fx }
}

function finite(instant: number): number | null {
  return Number.isFinite(instant) ? instant : null
}

function toTuple(tick: Tick): TickTuple {
  const { tick_id, at, seen_at, price, revision, quarantined, disputed } = tick
  if (disputed !== undefined) return [tick_id, at, seen_at, price, revision, quarantined, disputed]
  return quarantined === null
    ? [tick_id, at, seen_at, price, revision]
    : [tick_id, at, seen_at, price, revision, quarantined]
}

function fromTuple(series: string, tuple: TickTuple): Tick {
  const [tick_id, at, seen_at, price, revision, quarantined = null, disputed] = tuple
  const tick: Tick = { tick_id, series, at, seen_at, price, revision, quarantined }
  return disputed === undefined ? tick : { ...tick, disputed }
}
