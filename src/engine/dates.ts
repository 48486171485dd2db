/** `align: date`: one comparison for each date, each leg's date in its own venue's zone. */
import { type History, insert } from './history.ts'
import type { Tick } from './model.ts'
import type { Legs } from './premium.ts'
import type { LegSpec, PairSpec } from './spec.ts'
import type { ComparedDate, LegState, PairState } from './state.ts'
import { DAY_MS, dateIn, dayNumber } from './zone.ts'

/** Dates before the last 60 are history; a correction of them is worked out from the database. */
const DATES_KEPT = 60

export interface DatedLegs {
  date: string
  legs: Legs
  /** the date had been compared before: with another rate, or before a revision */
  correction: boolean
}

/** Keeps one price a date, the first that was seen, or its revision. False when the tick is no news. */
export function insertDated(leg: LegSpec, history: History, tick: Tick): boolean {
  const date = dateOf(leg, tick)
  if (history.some((known) => known.at !== tick.at && dateOf(leg, known) === date)) return false
  const isNews = insert(history, tick)
  if (history.length > DATES_KEPT) history.shift()
  return isNews
}

/**
 * What a new tick lets us compare: the date of a leg's tick, or after a rate's tick every date that waited for that
 * rate or had to use an older one. Oldest first.
 */
export function datesToCompare(spec: PairSpec, state: PairState, tick: Tick): DatedLegs[] {
  if (spec.fx?.facts.series !== tick.series) {
    const leg = [...spec.east, ...spec.west].find((candidate) => candidate.facts.series === tick.series)
    return legsOn(spec, state, dateOf(leg as LegSpec, tick))
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
  return [{ date, legs, correction: before !== undefined && !isOfOther(spec, state, before, legs) }]
}

/** It was compared with another source of a list, whose price stands: this one comes later, and corrects nothing. */
function isOfOther(spec: PairSpec, state: PairState, before: ComparedDate, legs: Legs): boolean {
  const holds = (leg: LegSpec, tick_id: number) =>
    historyOf(state, leg).some((tick) => tick.tick_id === tick_id)
  return (
    spec.east.some((leg) => leg !== legs.east_spec && holds(leg, before.east_tick_id)) ||
    spec.west.some((leg) => leg !== legs.west_spec && holds(leg, before.west_tick_id))
  )
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
  const { east, west, fx } = legs
  const compared = {
    date,
    east_tick_id: east.tick_id,
    west_tick_id: west.tick_id,
    fx_tick_id: fx?.tick_id ?? null,
  }
  state.dates = [...state.dates.filter((each) => each.date !== date), compared]
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .slice(-DATES_KEPT)
}

function isSame(before: ComparedDate, legs: Legs): boolean {
  return (
    before.east_tick_id === legs.east.tick_id &&
    before.west_tick_id === legs.west.tick_id &&
    before.fx_tick_id === (legs.fx?.tick_id ?? null)
  )
}

function onDate(state: PairState, leg: LegSpec, date: string): Tick | undefined {
  return historyOf(state, leg).find((tick) => dateOf(leg, tick) === date)
}

/** The rate of the date, or of the last date before it that is no more than `max_age` older, counted in dates. */
function rateOfDate(state: PairState, fx: LegSpec, date: string): Tick | undefined {
  const rate = historyOf(state, fx).findLast((tick) => dateOf(fx, tick) <= date)
  if (rate === undefined) return undefined
  const older = dayNumber(date) - dayNumber(dateOf(fx, rate))
  return older <= Math.floor(fx.max_age_ms / DAY_MS) ? rate : undefined
}

function historyOf(state: PairState, leg: LegSpec): History {
  return (state.legs[leg.slot] as LegState).history
}

function dateOf(leg: LegSpec, tick: Tick): string {
  return dateIn(leg.facts.zone, tick.at)
}
