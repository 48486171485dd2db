/** Reads prices from CSV, plain or gzipped, of any size: what `import`, `backtest --csv` and `simulate --prices` accept. */
import { access, constants } from 'node:fs/promises'
import { UserError } from './errors.ts'
import { linesOf } from './price-file/lines.ts'
import { type PriceRow, type Reader, rowReader, type Spoken } from './price-file/row.ts'
import { type Fault, faultText, PriceFileError } from './price-file/unusable.ts'
import { whyUnreadable } from './unreadable.ts'

export type { PriceRow, Spoken } from './price-file/row.ts'
export { type Fault, faultText, PriceFileError } from './price-file/unusable.ts'

const MOST_PROBLEMS = 20

/**
 * The rows of a file, a chunk of it at a time, those with a mistake as a `Fault`. They are understood as they are taken, so
 * each chunk is to be used up before the next is asked for. Throws a PriceFileError where the file cannot be read (on), or its
 * header is not understood.
 */
export async function* priceRows(
  file: string,
  spoken: Spoken = {},
): AsyncGenerator<Iterable<PriceRow | Fault>> {
  let read: Reader | null = null
  let line = 0
  function* rowsOf(lines: Iterable<string>): Generator<PriceRow | Fault> {
    for (const text of lines) {
      line += 1
      if (text === '') continue
      if (read === null) {
        read = rowReader(file, text, line, spoken)
        continue
      }
      const row = read(text, line)
      if (row !== null) yield row
    }
  }
  for await (const lines of linesOf(file)) yield rowsOf(lines)
  if (read === null)
    throw new PriceFileError({ file, line: 0, problem: 'it is empty, expected a header and prices' })
}

/** All rows at once. Throws one UserError that names every mistake (20 at most) with its line. */
export async function readPriceFile(file: string, series?: string): Promise<PriceRow[]> {
  const problems: string[] = []
  const rows: PriceRow[] = []
  for await (const batch of priceRows(file, { series })) {
    for (const row of batch) {
      if ('problem' in row) problems.push(faultText(row))
      else rows.push(row)
    }
    if (problems.length >= MOST_PROBLEMS) break
  }
  if (problems.length > 0) throw new UserError(problems.slice(0, MOST_PROBLEMS).join('\n'))
  return rows
}

/** Throws a PriceFileError for the first that is not there or may not be read. */
export async function mustBeReadable(files: readonly string[]): Promise<void> {
  for (const file of files)
    await access(file, constants.R_OK).catch((error) => {
      throw new PriceFileError({ file, line: 0, problem: whyUnreadable(error) })
    })
}
