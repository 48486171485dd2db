/** What commands print: data on stdout, everything else on stderr. */
import { once } from 'node:events'
import { type Align, columns, painter } from '../table.ts'
import { openWriter } from '../terminal.ts'
import { printable } from '../text.ts'

export interface Column<Row> {
  head: string
  align?: Align
  cell(row: Row): string
}

/** `left` unless said otherwise. */
export function column<Row>(head: string, cell: (row: Row) => string, align: Align = 'left'): Column<Row> {
  return { head, cell, align }
}

export function right<Row>(head: string, cell: (row: Row) => string): Column<Row> {
  return column(head, cell, 'right')
}

export interface Listing<Row> {
  columns: readonly Column<Row>[]
  json: boolean
  /** what to do next, where there is nothing */
  empty: string
  /** of the rows that were read, show the newest so many; null: all */
  limit?: number | null
}

/** A table, or one JSON line a row. */
export async function printRows<Row extends object>(
  rows: readonly Row[],
  listing: Listing<Row>,
): Promise<void> {
  const { json, empty, limit = null } = listing
  const shown = limit === null ? rows : rows.slice(-limit)
  if (rows.length === 0) console.error(empty)
  else if (json) await printLines(shown.map((row) => JSON.stringify(row)))
  else await printLines(tableOf(shown, listing.columns))
  if (shown.length < rows.length)
    console.error(`The newest ${shown.length}; more with --limit or --limit all.`)
}

/** Head and rows; nothing where there are no rows. */
export function tableOf<Row>(rows: readonly Row[], wanted: readonly Column<Row>[]): string[] {
  if (rows.length === 0) return []
  const paint = painter(openWriter(process.stdout).colour)
  const cells = [
    wanted.map(({ head }) => head),
    ...rows.map((row) => wanted.map(({ cell }) => printable(cell(row)))),
  ]
  const align = wanted.map(({ align = 'left' }) => align)
  return columns(cells, align, (padded, row) => (row === 0 ? paint('dim', padded) : padded))
}

/** Writes as fast as the reader reads. */
export async function printLines(lines: Iterable<string>): Promise<void> {
  for (const line of lines) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
  }
}

export function printObject(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
