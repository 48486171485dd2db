/** Builders, so that a test of the engine reads like a story. Times are UTC on 28 January 2026, a Wednesday. */
import { advance, type Step } from '../../src/engine/engine.ts'
import type {
  Calendar,
  ComparabilityChange,
  Event,
  Premium,
  SeriesFacts,
  Tick,
  Transition,
} from '../../src/engine/model.ts'
import { always } from '../../src/engine/session.ts'
import type { LegSpec, LevelSpec, PairSpec, RuleSpec } from '../../src/engine/spec.ts'
import { newState, type Observation, type PairState } from '../../src/engine/state.ts'
import { taxSteps } from '../../src/engine/tax.ts'
import { unitFactor } from '../../src/engine/units.ts'

export const SECOND = 1000
export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

/** '10:00', '10:00:30', or with a day of January '29 10:00' */
export function at(text: string): number {
  const [, day = '28', time, seconds = '00'] = /^(?:(\d\d) )?(\d\d:\d\d)(?::(\d\d))?$/.exec(text) ?? []
  return Date.parse(`2026-01-${day}T${time}:${seconds}Z`)
}

/** The inverse, with the day where it is not the 28th. */
export function told(instant: number): string {
  const text = new Date(instant).toISOString()
  const day = text.slice(8, 10) === '28' ? '' : `${text.slice(8, 10)} `
  const seconds = text.slice(16, 23).replace(/\.000$/, '')
  return `${day}${text.slice(11, 16)}${seconds === ':00' ? '' : seconds}`
}

export function facts(series: string, differing: Partial<SeriesFacts> = {}): SeriesFacts {
  return {
    series,
    feed: series.split('/')[0] ?? series,
    metal: 'silver',
    instrument: series,
    venue: 'SGE',
    origin: series,
    kind: 'trade',
    currency: 'USD',
    unit: 'oz',
    purity: null,
    tax_basis: 'none',
    calendar: 'always',
    zone: 'UTC',
    max_move: 0.2,
    publication_lag_ms: 0,
    ...differing,
  }
}

interface LegWords {
  max_age_ms?: number
  calendar?: Calendar | null
  facts?: Partial<SeriesFacts>
  vat?: { from: string; rate: number }[]
}

const VAT = [{ from: '2019-04-01', rate: 0.13 }]

function leg(
  slot: number,
  series: string,
  { max_age_ms = DAY, calendar = always, vat = VAT, ...rest }: LegWords = {},
): LegSpec {
  const known = facts(series, rest.facts)
  return {
    slot,
    facts: known,
    max_age_ms,
    calendar: known.kind === 'trade' ? calendar : null,
    to_unit: known.unit === null ? 1 : (unitFactor(known.unit, 'oz', known.fraction) ?? Number.NaN),
    in_cny: known.kind !== 'rate' && known.currency === 'CNY',
    tax: taxSteps(known, vat),
  }
}

type PairWords = Partial<Omit<PairSpec, 'east' | 'west' | 'fx'>>

/** Both legs in USD an ounce, so that a gap is the difference of two round numbers; prices last a day. */
export function plainPair(
  words: PairWords = {},
  legs: { east?: LegWords[]; west?: LegWords[] } = {},
): PairSpec {
  const east = (legs.east ?? [{}]).map((each, i) => leg(i, `east/${i}`, each))
  const west = (legs.west ?? [{}]).map((each, i) => leg(east.length + i, `west/${i}`, each))
  return { ...PAIR, east, west, ...words }
}

const PAIR: PairSpec = {
  pair: 'silver-live',
  align: 'live',
  east: [],
  west: [],
  fx: null,
  max_skew_ms: 5 * MINUTE,
  plausible_premium: [-50, 100],
  rules: [],
}

/** Shanghai in CNY a kilogram with tax, 45 min; London in USD an ounce, 5 min; a rate, 30 min. */
export function silver(
  words: PairWords = {},
  legs: { east?: LegWords; west?: LegWords; fx?: LegWords } = {},
): PairSpec {
  const inCny = { currency: 'CNY', unit: 'kg', tax_basis: 'inclusive', zone: 'Asia/Shanghai' } as const
  const rate = { kind: 'rate', currency: 'CNY', unit: null, metal: 'usdcny', zone: 'Asia/Shanghai' } as const
  return {
    ...PAIR,
    east: [
      leg(0, 'east/0', { max_age_ms: 45 * MINUTE, ...legs.east, facts: { ...inCny, ...legs.east?.facts } }),
    ],
    west: [
      leg(1, 'west/0', {
        max_age_ms: 5 * MINUTE,
        ...legs.west,
        facts: { venue: 'OTC', ...legs.west?.facts },
      }),
    ],
    fx: leg(2, 'fx/0', { max_age_ms: 30 * MINUTE, ...legs.fx, facts: { ...rate, ...legs.fx?.facts } }),
    ...words,
  }
}

/** Raises at 5.50 after 5 min, clears at 5.00 after 10 min. */
export function rule(
  differing: Partial<Omit<RuleSpec, 'levels'>> & { levels?: Partial<LevelSpec>[] } = {},
): RuleSpec {
  const own: LevelSpec = {
    severity: 'warning',
    raise: 5.5,
    clear: 5,
    for_ms: 5 * MINUTE,
    clear_for_ms: 10 * MINUTE,
  }
  return {
    rule: 'silver-gap',
    fingerprint: 'as written',
    measure: 'as_quoted_usd',
    window: null,
    direction: 'above',
    min_samples: null,
    max_gap_ms: null,
    remind_ms: null,
    on_start: 'raise',
    ...differing,
    levels: (differing.levels ?? [{}]).map((level) => ({ ...own, ...level })),
  }
}

interface TickWords {
  /** when we saw it, at once where nothing is said */
  seen?: string
  revision?: number
  quarantined?: string
}

let lastId = 0

/** What brought one tick. */
export type TickEvent = Event & { is: 'ticks'; tick: Tick }

export function alone(tick: Tick): TickEvent {
  return { is: 'ticks', seen_at: tick.seen_at, ticks: [tick], tick }
}

export function tick(series: string, time: string, price: number, words: TickWords = {}): TickEvent {
  return alone({
    tick_id: ++lastId,
    series,
    at: at(time),
    seen_at: at(words.seen ?? time),
    price,
    revision: words.revision ?? 1,
    quarantined: words.quarantined ?? null,
  })
}

export const east = (time: string, price: number, words?: TickWords) => tick('east/0', time, price, words)
export const west = (time: string, price: number, words?: TickWords) => tick('west/0', time, price, words)
export const rate = (time: string, price: number, words?: TickWords) => tick('fx/0', time, price, words)
export const clock = (time: string): Event => ({ is: 'clock', at: at(time) })

/** A west price of 100 first, then an east price for each gap, a minute apart: `gaps('10:00', 5, 6)`. */
export function gaps(from: string, ...values: number[]): Event[] {
  const times = values.map((_, i) => told(at(from) + i * MINUTE))
  return [west(times[0] ?? from, 100), ...values.map((value, i) => east(times[i] ?? from, 100 + value))]
}

export interface Told {
  state: PairState
  premiums: Premium[]
  transitions: Transition[]
  changes: ComparabilityChange[]
  steps: Step[]
}

/** A state as it is after it was written and read: what can be worked out anew is. */
export function restored(state: PairState): PairState {
  const { time, east, west, fx } = state.observed as Observation
  return {
    ...{ ...state, observed: { time, east, west, fx } },
    ...{ session_from: Number.POSITIVE_INFINITY, watched: null },
  }
}

/** Folds events in the order given. Gaps are usually 5 minutes of skew apart at most; `gaps` needs a wide `max_skew_ms`. */
export function tell(spec: PairSpec, events: readonly Event[], from: PairState = newState(spec)): Told {
  const story: Told = { state: from, premiums: [], transitions: [], changes: [], steps: [] }
  for (const event of events) {
    const step = advance(spec, story.state, event)
    story.state = step.state
    story.premiums.push(...step.premiums)
    story.transitions.push(...step.transitions)
    story.changes.push(...step.changes)
    story.steps.push(step)
  }
  return story
}

/** '10:05 raised 6 warning', one line a transition */
export function transitionsOf({ transitions }: Pick<Told, 'transitions'>): string[] {
  return transitions.map(({ time, kind, value, severity }) => `${told(time)} ${kind} ${value} ${severity}`)
}

/** '10:05 stale: east stale: ...', one line a change */
export function changesOf({ changes }: Pick<Told, 'changes'>): string[] {
  return changes.map(({ time, state, reason }) => `${told(time)} ${reason || state}`)
}

/** '10:05 observation 6', one line a premium, as quoted in USD */
export function premiumsOf({ premiums }: Pick<Told, 'premiums'>): string[] {
  return premiums.map(({ time, standing, as_quoted_usd }) => `${told(time)} ${standing} ${as_quoted_usd}`)
}

/** A venue that trades in the given spans: `open('09:00-11:30', '13:30-15:30')`. */
export function open(...spans: string[]): Calendar {
  const sessions = spans.map((span) => span.split('-').map((time) => at(time)) as [number, number])
  return {
    calendar: 'spans',
    zone: 'UTC',
    valid: null,
    sessionAt(instant) {
      let from = -8.64e15
      for (const [opens, closes] of sessions) {
        if (instant < opens) return { open: false, from, until: opens }
        if (instant < closes) return { open: true, from: opens, until: closes }
        from = closes
      }
      return { open: false, from, until: 8.64e15 }
    },
  }
}
