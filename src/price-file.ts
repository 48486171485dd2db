/** Reads prices from CSV, plain or gzipped: what `import` and `simulate --prices` accept. */
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { CsvError, parse } from 'csv-parse/sync'
import { UserError } from './errors.ts'

export interface PriceRow {
  file: string
  /** from 1, the header included */
  line: number
  series: string
  /** epoch ms, or the date (YYYY-MM-DD) that the row gave instead */
  when: { time: number } | { date: string }
  price: string
  bid?: string
  ask?: string
  known_at?: number
}

const COLUMNS = ['time', 'date', 'price', 'series', 'bid', 'ask', 'known_at']
const MOST_PROBLEMS = 20
const PRICE = /^\d+(\.\d+)?$/
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** `series` serves the rows that name none. Throws one UserError that names every mistake (20 at most) with its line. */
export async function readPriceFile(file: string, series?: string): Promise<PriceRow[]> {
  const problems: string[] = []
  const rows: PriceRow[] = []
  for (const { record, line } of records(file, await textOf(file))) {
    const complain = (problem: string) => problems.push(`${file}:${line}: ${problem}`)
    const row = understand(record, series, complain)
    if (row) rows.push({ file, line, ...row })
    if (problems.length === MOST_PROBLEMS) break
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'))
  return rows
}

async function textOf(file: string): Promise<string> {
  try {
    const bytes = await readFile(file)
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? error.message : error}`, 2)
  }
}

interface Line {
  record: Record<string, string>
  line: number
}

function records(file: string, text: string): Line[] {
  const columns = (header: string[]) => {
    const unknown = header.filter((name) => !COLUMNS.includes(name))
    const dated = header.includes('time') !== header.includes('date')
    if (unknown.length === 0 && dated && header.includes('price')) return header
    throw new UserError(
      `${file}:1: found the header ${JSON.stringify(header.join(','))}, expected price, either time or date, ` +
        'and perhaps series, bid, ask, known_at',
    )
  }
  try {
    const options = { columns, bom: true, trim: true, info: true, skip_empty_lines: true }
    const read = parse<{ record: Record<string, string>; info: { lines: number } }>(text, options)
    return read.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (error) {
    if (error instanceof CsvError) throw new UserError(`${file}: ${error.message}`)
    throw error
  }
}

type Complain = (problem: string) => void

function understand(record: Record<string, string>, fallback: string | undefined, complain: Complain) {
  const before: string[] = []
  const wrong: Complain = (problem) => before.push(problem)
  const series = record['series'] || fallback
  if (!series) wrong('no series: name it in a column `series` or with --series')
  const price = priceOf('price', record['price'] ?? '', wrong)
  const bid = record['bid'] && priceOf('bid', record['bid'], wrong)
  const ask = record['ask'] && priceOf('ask', record['ask'], wrong)
  const when =
    record['time'] === undefined ? dateOf(record['date'] ?? '', wrong) : timeOf('time', record['time'], wrong)
  const known = record['known_at'] ? timeOf('known_at', record['known_at'], wrong) : null
  if (before.length > 0 || !series || !when) {
    complain(before.join('; '))
    return null
  }
  return {
    series,
    when,
    price,
    ...(bid ? { bid } : {}),
    ...(ask ? { ask } : {}),
    ...(known ? { known_at: known.time } : {}),
  }
}

function priceOf(column: string, text: string, wrong: Complain): string {
  if (!PRICE.test(text) || Number(text) === 0)
    wrong(`${column}: found ${JSON.stringify(text)}, expected a positive decimal number such as 118.80`)
  return text
}

function timeOf(column: string, text: string, wrong: Complain): { time: number } | null {
  const time = TIME.test(text) && isDate(text.slice(0, 10)) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  if (!Number.isNaN(time)) return { time }
  wrong(
    `${column}: found ${JSON.stringify(text)}, expected an ISO time with a zone such as 2026-01-29T15:00:46+08:00`,
  )
  return null
}

function dateOf(text: string, wrong: Complain): { date: string } | null {
  if (isDate(text)) return { date: text }
  wrong(`date: found ${JSON.stringify(text)}, expected a date such as 2026-01-29`)
  return null
}

/** Date.parse alone takes 30 February for 2 March. */
function isDate(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text) && text.length === 10
}
