/** `align: date`: one comparison for each date, each leg's date in its own venue's zone (SEMANTICS 17). */
import type { History } from './history.ts'
import type { Tick } from './model.ts'
import type { Legs } from './premium.ts'
import type { LegSpec, PairSpec } from './spec.ts'
import type { ComparedDate, PairState } from './state.ts'
import { dateIn } from './zone.ts'

/** Dates older than this are history; a correction of them is worked out from the database. */
const DATES_KEPT = 60
const DAY_MS = 86_400_000

export interface DatedLegs {
  date: string
  legs: Legs
  /** the date had been compared before: with another rate, or before a revision */
  correction: boolean
}

/**
 * What a new tick lets us compare: the date of a leg's tick, or after a rate's tick every date that waited for that
 * rate or had to use an older one. Oldest first.
 */
export function datesToCompare(spec: PairSpec, state: PairState, tick: Tick): DatedLegs[] {
  if (spec.fx?.facts.series !== tick.series) {
    const leg = [...spec.east, ...spec.west].find((candidate) => candidate.facts.series === tick.series)
    return leg === undefined ? [] : legsOn(spec, state, dateOf(leg, tick))
  }
  const from = dateOf(spec.fx, tick)
  const dates = new Set<string>()
  for (const leg of spec.east) for (const each of historyOf(state, leg)) dates.add(dateOf(leg, each))
  return [...dates]
    .filter((date) => date >= from)
    .sort()
    .flatMap((date) => legsOn(spec, state, date))
}

/** The legs of a date, unless they lack something or nothing has changed since they were compared. */
function legsOn(spec: PairSpec, state: PairState, date: string): DatedLegs[] {
  const legs = findLegs(spec, state, date)
  if (legs === null) return []
  const before = state.dates.find((compared) => compared.date === date)
  if (before !== undefined && isSame(before, legs)) return []
  return [{ date, legs, correction: before !== undefined }]
}

function findLegs(spec: PairSpec, state: PairState, date: string): Legs | null {
  for (const east_spec of spec.east) {
    for (const west_spec of spec.west) {
      const east = onDate(state, east_spec, date)
      const west = onDate(state, west_spec, date)
      if (east === undefined || west === undefined) continue
      if (spec.fx === null || !(east_spec.in_cny || west_spec.in_cny)) {
        return { east_spec, west_spec, east, west, fx: null }
      }
      const fx = rateOfDate(state, spec.fx, date)
      if (fx !== undefined) return { east_spec, west_spec, east, west, fx }
    }
  }
  return null
}

export function rememberDate(state: PairState, date: string, legs: Legs): void {
  state.dates = state.dates.filter((compared) => compared.date !== date)
  state.dates.push({
    date,
    east_tick_id: legs.east.tick_id,
    west_tick_id: legs.west.tick_id,
    fx_tick_id: legs.fx?.tick_id ?? null,
  })
  if (state.dates.length > DATES_KEPT) state.dates.shift()
}

/** Forgets ticks of dates that are history. */
export function forgetDates(history: History): void {
  if (history.length > DATES_KEPT) history.splice(0, history.length - DATES_KEPT)
}

function isSame(before: ComparedDate, legs: Legs): boolean {
  return (
    before.east_tick_id === legs.east.tick_id &&
    before.west_tick_id === legs.west.tick_id &&
    before.fx_tick_id === (legs.fx?.tick_id ?? null)
  )
}

/** The first tick of the date: the price that was made on it; a later one of the same date is another observation's. */
function onDate(state: PairState, leg: LegSpec, date: string): Tick | undefined {
  return historyOf(state, leg).find((tick) => dateOf(leg, tick) === date)
}

/** The rate of the date, or of the last date before it that is no more than `max_age` older, counted in dates. */
function rateOfDate(state: PairState, fx: LegSpec, date: string): Tick | undefined {
  const history = historyOf(state, fx)
  for (let i = history.length - 1; i >= 0; i--) {
    const tick = history[i] as Tick
    const of = dateOf(fx, tick)
    if (of > date) continue
    return Date.parse(date) - Date.parse(of) <= Math.floor(fx.max_age_ms / DAY_MS) * DAY_MS ? tick : undefined
  }
  return undefined
}

function historyOf(state: PairState, leg: LegSpec): Tick[] {
  return state.legs[leg.slot]?.history ?? []
}

function dateOf(leg: LegSpec, tick: Tick): string {
  return dateIn(leg.facts.zone, tick.at)
}
