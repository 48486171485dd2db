/** One line of a price file: what it says, or what is wrong with it. */
import { CsvError, parse } from 'csv-parse/sync'
import { UserError } from '../errors.ts'

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

/** A row that cannot be used. */
export interface Fault {
  file: string
  line: number
  problem: string
}

export type Reader = (text: string, line: number) => PriceRow | Fault

const COLUMNS = ['time', 'date', 'price', 'series', 'bid', 'ask', 'known_at']
const PRICE = /^\d+(\.\d+)?$/
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** Understands the header, and then every line below it. Throws a UserError for a header that it does not understand. */
export function rowReader(file: string, header: string, line: number, fallback?: string): Reader {
  const names = cellsOf(header.replace(/^\ufeff/, '')) ?? []
  const unknown = names.filter((name) => !COLUMNS.includes(name))
  const isDated = names.includes('time') !== names.includes('date')
  if (unknown.length > 0 || !isDated || !names.includes('price') || new Set(names).size < names.length) {
    throw new UserError(
      `${file}:${line}: found the header ${JSON.stringify(names.join(','))}, expected price, either time or date, ` +
        'and perhaps series, bid, ask, known_at',
    )
  }
  const at = Object.fromEntries(COLUMNS.map((name) => [name, names.indexOf(name)])) as Record<string, number>
  return (text, number) => {
    const cells = cellsOf(text)
    const where = { file, line: number }
    if (cells === null) return { ...where, problem: 'a quote is not closed where its field ends' }
    if (cells.length !== names.length)
      return {
        ...where,
        problem: `found ${cells.length} fields, expected ${names.length}: ${names.join(',')}`,
      }
    return understand(where, (name) => cells[at[name] ?? -1] ?? '', names.includes('time'), fallback)
  }
}

/** Trimmed; null where quotes do not match. */
function cellsOf(text: string): string[] | null {
  if (!text.includes('"')) return text.split(',').map((cell) => cell.trim())
  try {
    const [cells] = parse(text, { trim: true, relax_column_count: true }) as string[][]
    return cells ?? null
  } catch (error) {
    if (error instanceof CsvError) return null
    throw error
  }
}

type Wrong = (problem: string) => void

function understand(
  where: Pick<PriceRow, 'file' | 'line'>,
  cell: (name: string) => string,
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
  const when = isTimed ? timeOf('time', cell('time'), wrong) : dateOf(cell('date'), wrong)
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

function dateOf(text: string, wrong: Wrong): { date: string } | null {
  if (isDate(text)) return { date: text }
  wrong(`date: found ${JSON.stringify(text)}, expected a date such as 2026-01-29`)
  return null
}

let lastDate = ''

/** Date.parse alone takes 30 February for 2 March. Rows of one day follow each other, so the last answer is kept. */
function isDate(text: string): boolean {
  if (text === lastDate) return true
  const midnight = new Date(`${text}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || text.length !== 10 || !midnight.toISOString().startsWith(text))
    return false
  lastDate = text
  return true
}
