/** Of prices of one series and time: what src/store/staging.ts makes of them in the database. */

/** What is kept of a line; `id` counts them. */
export interface Row {
  /** index of the series */
  series: number
  at: number
  seen_at: number
  /** the file said so, or it was worked out */
  is_known: boolean
  price: number
  id: number
}

/** The one that was known first, and its corrections in the order in which they were known; `now` is when those were that do not say. */
export function revisionsAmong(rows: readonly Row[], now: number): Row[] {
  const first = rows.reduce((one, other) => (other.seen_at < one.seen_at ? other : one))
  if (rows.length === 1) return [first]
  const known = rows.map((row) => (row.is_known ? row : { ...row, seen_at: now }))
  known.sort((a, b) => a.seen_at - b.seen_at)
  const revisions = [first]
  const prices = new Set([first.price])
  for (;;) {
    const newest = revisions.at(-1) as Row
    const next = known.find(
      ({ price, is_known, seen_at }) =>
        price !== newest.price && ((is_known && seen_at > newest.seen_at) || !prices.has(price)),
    )
    if (next === undefined) return revisions
    prices.add(next.price)
    revisions.push(next)
  }
}
