/** Long histories with one row a date: only the end is news, and corrections reach a few days back. */
import { NotUnderstood } from '../feeds/feed.ts'

const DATES_READ = 10

/** The last ten rows. Throws NotUnderstood unless all rows stand in order, one a date. */
export function lastRows<R>(rows: readonly R[], dateOf: (row: R) => string, what: string): R[] {
  let before = ''
  for (const row of rows) {
    const date = dateOf(row)
    if (date <= before)
      throw new NotUnderstood(`${what}: row of ${date} follows that of ${before}; expected dates in order`)
    before = date
  }
  return rows.slice(-DATES_READ)
}
