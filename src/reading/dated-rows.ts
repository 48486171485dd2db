/** Long histories with one row a date: only the end is news, and corrections reach a few days back. */
import { NotUnderstood } from '../feeds/feed.ts'

const DATES_READ = 10

/** The rows of the last ten dates, in order, however the page has them. Throws NotUnderstood where a date stands twice. */
export function lastRows<R>(rows: readonly R[], dateOf: (row: R) => string, what: string): R[] {
  const dated = rows.map((row) => ({ date: dateOf(row), row }))
  dated.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  dated.forEach(({ date }, index) => {
    if (dated[index - 1]?.date === date)
      throw new NotUnderstood(`${what}: found two rows of ${date}; expected one a date`)
  })
  return dated.slice(-DATES_READ).map(({ row }) => row)
}
