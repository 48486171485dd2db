/** One line of a price file: what it says, or what is wrong with it. */
import { CsvError, parse } from 'csv-parse/sync'
import { counted } from '../text.ts'
import { dateOf, isDate } from './date.ts'
import { type Column, readHeader, type Titles } from './header.ts'
import { type Fault, PriceFileError } from './unusable.ts'

export interface PriceRow {
  file: string
  /** from 1, the header included */
  line: number
  series: string
  /** epoch ms, or the date (YYYY-MM-DD) that the row gave instead */
  when: { time: number } | { date: string }
  /** exact decimal text */
  price: string
  bid?: string
  ask?: string
  /** epoch ms */
  known_at?: number
}

/** Null for a line of empty cells, as spreadsheets leave them behind. */
export type Reader = (text: string, line: number) => PriceRow | Fault | null

/** What a person says of a file beside its header. */
export interface Spoken {
  /** for rows that name none */
  series?: string | undefined
  columns?: Titles | undefined
}

const PRICE = /^\d+(\.\d+)?$/
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** Understands the header, and then every line below it. Throws a PriceFileError for a header that it does not understand. */
export function rowReader(file: string, first: string, line: number, { series, columns }: Spoken): Reader {
  const header = readHeader(first.replace(/^\ufeff/, ''), cellsOf, columns ?? null)
  if ('problem' in header) throw new PriceFileError({ file, line, ...header })
  const { separator, titles, at } = header
  return (text, number) => {
    const cells = cellsOf(text, separator)
    const where = { file, line: number }
    if (cells === null) return { ...where, problem: 'a quote is not closed where its field ends' }
    const row = fits(cells, titles.length)
      ? understand(where, (column) => cells[at[column]] ?? '', at.time >= 0, series)
      : {
          ...where,
          problem: `found ${counted(cells.length, 'field')}, expected ${titles.length}: ${titles.join(separator)}`,
        }
    return 'problem' in row && cells.every(isEmpty) ? null : row
  }
}

function fits(cells: readonly string[], width: number): boolean {
  return cells.length === width || (cells.length > width && cells.slice(width).every(isEmpty))
}

function isEmpty(cell: string): boolean {
  return cell === ''
}

/** Trimmed; null where quotes do not match. */
function cellsOf(text: string, separator: string): string[] | null {
  if (!text.includes('"')) return text.split(separator).map((cell) => cell.trim())
  try {
    const [cells] = parse(text, { delimiter: separator, trim: true, relax_column_count: true }) as string[][]
    return cells ?? null
  } catch (error) {
    if (error instanceof CsvError) return null
    throw error
  }
}

type Wrong = (problem: string) => void

function understand(
  where: Pick<PriceRow, 'file' | 'line'>,
  cell: (column: Column) => string,
  isTimed: boolean,
  fallback: string | undefined,
): PriceRow | Fault {
  const problems: string[] = []
  const wrong: Wrong = (problem) => problems.push(problem)
  const series = cell('series') || fallback || ''
  if (series === '') wrong('no series: name it in a column `series` or with --series')
  const price = priceOf('price', cell('price'), wrong)
  const bid = cell('bid') && priceOf('bid', cell('bid'), wrong)
  const ask = cell('ask') && priceOf('ask', cell('ask'), wrong)
  const when = isTimed ? timeOf('time', cell('time'), wrong) : dayOf(cell('date'), wrong)
  const known = cell('known_at') === '' ? null : timeOf('known_at', cell('known_at'), wrong)
  if (problems.length > 0 || when === null) return { ...where, problem: problems.join('; ') }
  const row: PriceRow = { ...where, series, when, price }
  if (bid) row.bid = bid
  if (ask) row.ask = ask
  if (known) row.known_at = known.time
  return row
}

function priceOf(column: string, text: string, wrong: Wrong): string {
  if (!PRICE.test(text) || Number(text) === 0)
    wrong(`${column}: found ${JSON.stringify(text)}, expected a positive decimal number such as 118.80`)
  return text
}

function timeOf(column: string, text: string, wrong: Wrong): { time: number } | null {
  const time = TIME.test(text) && isDate(text.slice(0, 10)) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  if (!Number.isNaN(time)) return { time }
  wrong(
    `${column}: found ${JSON.stringify(text)}, expected an ISO time with a zone such as 2026-01-29T15:00:46+08:00`,
  )
  return null
}

function dayOf(text: string, wrong: Wrong): { date: string } | null {
  const date = dateOf(text)
  if (date !== null) return { date }
  wrong(`date: found ${JSON.stringify(text)}, expected a date such as 2026-01-29 or 29-Jan-2026`)
  return null
}
