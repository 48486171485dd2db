/** What the simulated exchanges know: prices with the time at which they were made, and when they became known. */

export interface Price {
  /** epoch milliseconds */
  at: number
  /** exact decimal text */
  price: string
  bid?: string | undefined
  ask?: string | undefined
}

/** Only what is known at `now` is ever answered; `delay_ms` is how late the source shows what it gives no time for. */
export interface Prices {
  latest(series: string, now: number, delay_ms: number): Price | null
  /** in order of time, from <= at < until, one for each `at` */
  between(series: string, from: number, until: number, now: number, delay_ms: number): Price[]
}

export interface RecordedPrice extends Price {
  series: string
  /** when the source showed it; absent: `at` and the source's delay */
  known_at?: number | undefined
}

/** Serves a recording. Two prices of one `at` are a correction: the one that became known last holds. */
export function recordedPrices(recording: readonly RecordedPrice[]): Prices {
  const bySeries = Map.groupBy(recording, (row) => row.series)
  for (const rows of bySeries.values())
    rows.sort((a, b) => a.at - b.at || (a.known_at ?? a.at) - (b.known_at ?? b.at))
  return {
    latest(series, now, delay_ms) {
      const rows = bySeries.get(series) ?? []
      for (let i = firstAfter(rows, now) - 1; i >= 0; i--) {
        const row = rows[i]
        if (row && isKnown(row, now, delay_ms)) return row
      }
      return null
    },
    between(series, from, until, now, delay_ms) {
      const rows = bySeries.get(series) ?? []
      const known = rows
        .slice(firstAfter(rows, from - 1), firstAfter(rows, until - 1))
        .filter((row) => isKnown(row, now, delay_ms))
      return known.filter((row, i) => known[i + 1]?.at !== row.at)
    },
  }
}

function isKnown(row: RecordedPrice, now: number, delay_ms: number): boolean {
  return (row.known_at ?? row.at + delay_ms) <= now
}

/** Index of the first row later than `instant`. */
function firstAfter(rows: readonly RecordedPrice[], instant: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.at ?? 0) <= instant) low = middle + 1
    else high = middle
  }
  return low
}
