/** History from files: every row becomes a tick or is refused by its line; at the end stand the premiums, and no alert. */
import type { Context } from './context.ts'
import { type Reach, writePremiums } from './import/premiums.ts'
import { openScreen, type Suspect } from './import/screen.ts'
import { openTurns } from './import/turns.ts'
import {
  type Fault,
  mustBeReadable,
  PriceFileError,
  type PriceRow,
  priceRows,
  type Spoken,
} from './price-file.ts'
import { newBatch, type StagedPrice } from './store/batch.ts'
import { openStaging } from './store/staging.ts'
import { counted } from './text.ts'

export interface Imported {
  read: number
  new: number
  /** another price for a time that was known */
  revised: number
  /** what was known already */
  known: number
  refused: number
  /** the first of the refused */
  faults: Fault[]
  suspected: number
  /** the first of the suspected */
  suspects: Suspect[]
  /** by pair: premiums that were written */
  premiums: Record<string, number>
}

export interface ImportOptions extends Spoken {
  quarantine: boolean
  /** called after every batch with a line that says how far it is */
  progress(line: string): void
}

const MOST_FAULTS = 20
const BATCH = 5_000

/**
 * Loads files one after the other, in batches that are kept even where a later one fails: the same file again adds only
 * what is missing. Nothing is loaded where one of them is not there. Rows that are wrong are refused alone, and so is what
 * follows in a file that cannot be read on.
 */
export async function importFiles(
  context: Context,
  files: readonly string[],
  options: ImportOptions,
): Promise<Imported> {
  const imported: Imported = {
    ...{ read: 0, new: 0, revised: 0, known: 0, refused: 0, faults: [] },
    ...{ suspected: 0, suspects: [], premiums: {} },
  }
  const reach: Reach = new Map()
  await mustBeReadable(files)
  await loadFiles(context, files, options, imported, reach)
  imported.premiums = await writePremiums(context, reach, options.progress)
  return imported
}

async function loadFiles(
  context: Context,
  files: readonly string[],
  options: ImportOptions,
  imported: Imported,
  reach: Reach,
): Promise<void> {
  const now = context.now()
  const screen = openScreen(context.config.series, now.getTime(), options.quarantine)
  await using staging = await openStaging(context.database.url)
  for (const file of files) {
    const turns = openTurns(newBatch, BATCH, async (batch) => {
      const { fresh, revised } = await staging.load(batch, now)
      imported.new += fresh
      imported.revised += revised
      imported.known += batch.rows - fresh - revised
      options.progress(
        `${file}: ${counted(imported.read, 'row')} read, ${counted(imported.new, 'price')} new`,
      )
    })
    try {
      for await (const rows of priceRows(file, options)) {
        for (const row of rows) {
          const price = taken(row, screen.take, imported)
          if (price === null) continue
          extend(reach, price)
          const full = turns.add(price)
          if (full !== null) await full
        }
      }
    } catch (error) {
      if (!(error instanceof PriceFileError)) throw error
      refuse(imported, error.fault)
    }
    await turns.end()
  }
  imported.suspected = screen.suspected
  imported.suspects = screen.suspects
}

/** Null where it is refused. */
function taken(
  row: PriceRow | Fault,
  screened: (row: PriceRow) => StagedPrice | Fault,
  imported: Imported,
): StagedPrice | null {
  imported.read += 1
  const staged = 'problem' in row ? row : screened(row)
  if (!('problem' in staged)) return staged
  refuse(imported, staged)
  return null
}

function refuse(imported: Imported, fault: Fault): void {
  imported.refused += 1
  if (imported.faults.length < MOST_FAULTS) imported.faults.push(fault)
}

function extend(reach: Reach, { series, at, seen_at }: StagedPrice): void {
  const known = reach.get(series)
  if (known === undefined) {
    reach.set(series, { from: at, to: at, seen_from: seen_at, seen_to: seen_at })
    return
  }
  known.from = Math.min(known.from, at)
  known.to = Math.max(known.to, at)
  known.seen_from = Math.min(known.seen_from, seen_at)
  known.seen_to = Math.max(known.seen_to, seen_at)
}
