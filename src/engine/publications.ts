/** When a source that publishes once a trading day is due. */
import type { Calendar } from './model.ts'
import { DAY_MS, dateText, instantAt, instantOf, localDay } from './zone.ts'

/** Holidays are shorter; a calendar without trading days has run out. */
const MOST_DAYS = 60

interface Published {
  calendar: Calendar
  zone: string
  publication_lag_ms: number
  /** 'HH:MM'; null where it is no price of a date */
  fixing_time: string | null
}

/** When the `count`-th publication after the one of `at` is due; null where there is nothing to wait for. */
export function publicationsDue(published: Published, at: number, count: number): number | null {
  const { calendar, zone, publication_lag_ms, fixing_time } = published
  if (fixing_time === null) return null
  const first = localDay(zone, at) + 1
  let left = count
  for (let day = first; day < first + MOST_DAYS; day++) {
    if (tradesOn(calendar, zone, day) && --left === 0)
      return instantOf(zone, dateText(day), fixing_time) + publication_lag_ms
  }
  return null
}

/** A session opens on that day, or it never closes; what is left of a night belongs to the day before. */
function tradesOn(calendar: Calendar, zone: string, day: number): boolean {
  const from = instantAt(zone, day, 0)
  const until = instantAt(zone, day + 1, 0)
  for (let instant = from; instant < until; ) {
    const span = calendar.sessionAt(instant)
    if (span.open && (span.from >= from || span.until - from >= DAY_MS)) return true
    instant = span.until
  }
  return false
}
