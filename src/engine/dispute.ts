/** Do two sources of one instrument agree? They are compared at one moment: one may be delayed. */
import { age } from './age.ts'
import type { Calendar } from './model.ts'

/** One source's price at, or last before, the moment that both have. */
export interface Word {
  series: string
  price: number
  /** epoch milliseconds */
  at: number
  calendar: Calendar
}

/** How far apart the two prices may lie in time to be called of one moment. */
export const SAME_MOMENT_MS = 2 * 60_000
/** How old they may be to say something of today. */
const FRESH_MS = 3_600_000

/** What `other` says instead of `own`; null when they agree within `most` (a fraction), or cannot be compared. */
export function disputeOf(own: Word, other: Word, most: number, now: number): string | null {
  const isFresh = now - Math.min(own.at, other.at) <= FRESH_MS
  if (!isFresh || Math.abs(own.at - other.at) > SAME_MOMENT_MS) return null
  if (!inSession(own) || !inSession(other)) return null
  const apart = Math.abs(own.price / other.price - 1)
  if (apart <= most + 1e-9) return null
  const told = `${(apart * 100).toFixed(1)} % apart, ${+(most * 100).toFixed(2)} % allowed`
  return `${own.series} says ${own.price} where ${other.series} says ${other.price}, ${age(Math.abs(own.at - other.at))} from it: ${told}`
}

function inSession({ calendar, at }: Word): boolean {
  return calendar.sessionAt(at).open
}
