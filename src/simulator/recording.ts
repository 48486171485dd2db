/** From the rows of a price file to what the exchanges serve: dates get the hour at which their price is made. */
import { byName } from '../by-name.ts'
import { UserError } from '../errors.ts'
import type { PriceRow } from '../price-file.ts'
import { exchanges } from './exchanges.ts'
import { instantOf } from './local-time.ts'
import type { RecordedPrice } from './prices.ts'

/** Throws a UserError where a series is none that is simulated. */
export function recordingOf(rows: readonly PriceRow[]): RecordedPrice[] {
  return rows.map((row) => {
    const { zone, time } = hourOf(row)
    const at = 'time' in row.when ? row.when.time : instantOf(row.when.date, time, zone)
    return { series: row.series, at, price: row.price, bid: row.bid, ask: row.ask, known_at: row.known_at }
  })
}

const HOURS = byName(
  Object.fromEntries(
    Object.entries(exchanges).flatMap(([feed, { series }]) =>
      Object.entries(series).map(([name, hour]) => [`${feed}/${name}`, hour]),
    ),
  ),
)

function hourOf({ series, file, line }: PriceRow): { zone: string; time: string } {
  const found = HOURS[series]
  if (found) return found
  const known = Object.keys(HOURS).join(', ')
  throw new UserError(`${file}:${line}: series: found "${series}", expected one of ${known}`)
}

/**
 * Moves a recording to now. Times: the first becomes `start` and the gaps between them shrink by `speed`, so that a
 * live program takes them for fresh. Prices that are one a day keep whole days between them: the first date is that
 * of `start`.
 */
export function rebased(rows: readonly PriceRow[], start: number, speed: number): PriceRow[] {
  const times = rows.flatMap(({ when }) => ('time' in when ? [when.time] : []))
  const dates = rows.flatMap(({ when }) => ('date' in when ? [Date.parse(when.date)] : []))
  const firstTime = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const firstDate = dates.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const today = Date.parse(isoDate(start))
  const moveTime = (time: number) => start + (time - firstTime) / speed
  const moveDate = (date: string) => isoDate(Date.parse(date) - firstDate + today)
  return rows.map(({ known_at, ...row }) =>
    'time' in row.when
      ? {
          ...row,
          when: { time: moveTime(row.when.time) },
          ...(known_at ? { known_at: moveTime(known_at) } : {}),
        }
      : {
          ...row,
          when: { date: moveDate(row.when.date) },
          ...(known_at ? { known_at: known_at - firstDate + today } : {}),
        },
  )
}

function isoDate(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}
