/** Reads prices from CSV, plain or gzipped, of any size: what `import`, `backtest --csv` and `simulate --prices` accept. */
import { UserError } from './errors.ts'
import { linesOf } from './price-file/lines.ts'
import { type Fault, type PriceRow, type Reader, rowReader } from './price-file/row.ts'

export type { Fault, PriceRow } from './price-file/row.ts'

const MOST_PROBLEMS = 20

/**
 * The rows of a file in batches, those with a mistake as a `Fault`. `series` serves the rows that name none. Throws a
 * UserError (2) where there is no such file, (1) where its header is not understood.
 */
export async function* priceRows(file: string, series?: string): AsyncGenerator<(PriceRow | Fault)[]> {
  let read: Reader | null = null
  for await (const { first, lines } of linesOf(file)) {
    const batch: (PriceRow | Fault)[] = []
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i] as string
      if (text === '') continue
      if (read === null) read = rowReader(file, text, first + i, series)
      else batch.push(read(text, first + i))
    }
    if (batch.length > 0) yield batch
  }
  if (read === null) throw new UserError(`${file}: it is empty, expected a header and prices`)
}

/** All rows at once. Throws one UserError that names every mistake (20 at most) with its line. */
export async function readPriceFile(file: string, series?: string): Promise<PriceRow[]> {
  const problems: string[] = []
  const rows: PriceRow[] = []
  for await (const batch of priceRows(file, series)) {
    for (const row of batch) {
      if ('problem' in row) problems.push(faultText(row))
      else rows.push(row)
    }
    if (problems.length >= MOST_PROBLEMS) break
  }
  if (problems.length > 0) throw new UserError(problems.slice(0, MOST_PROBLEMS).join('\n'))
  return rows
}

/** 'prices.csv:7: price: found "0", expected ...' */
export function faultText({ file, line, problem }: Fault): string {
  return `${file}:${line}: ${problem}`
}
