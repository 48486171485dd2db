/** A database with a configuration, and files to import into it. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Context, openContext } from '../../src/context.ts'
import { type Imported, type ImportOptions, importFiles } from '../../src/import.ts'
import { CHANNELS, configFrom } from '../config.ts'
import { freshDatabase } from '../database.ts'
import { SILVER } from '../world.ts'

export interface Desk extends AsyncDisposable {
  context: Context
  /** imports one file of these lines */
  load(lines: readonly string[], options?: Partial<ImportOptions>): Promise<Imported>
  rows<Row = Record<string, string>>(sql: string): Promise<Row[]>
}

/** One observation a date: SHAG PM, LBMA silver, ECB. */
export const DAILY = SILVER.replace('sina/ag-td, max_age: 45m', 'sge-benchmark/shag-pm, max_age: 5d')
  .replace('sina/xag, max_age: 5m', 'lbma/silver, max_age: 5d')
  .replace('sina/usdcny, max_age: 30m', 'ecb/usdcny, max_age: 5d')
  .replace('max_skew: 5m', 'align: date')

/** `feeds` is the text of feeds.yaml. */
export async function openDesk(silver: string, feeds = 'feeds: {}\n'): Promise<Desk> {
  const database = await freshDatabase()
  const context = await openContext({
    config: await configFrom({
      ...{ 'metals/silver.yaml': silver, 'channels.yaml': CHANNELS, 'feeds.yaml': feeds },
    }),
    database,
    log: pino({ level: 'silent' }),
    now: () => new Date('2026-03-02T00:00:00Z'),
    life: new AbortController().signal,
  })
  return {
    context,
    async load(lines, options = {}) {
      const file = join(await mkdtemp(join(tmpdir(), 'metalgap-import-')), 'prices.csv')
      await writeFile(file, lines.join('\n'))
      return importFiles(context, [file], { quarantine: false, progress: () => {}, ...options })
    },
    async rows<Row>(sql: string) {
      return (await database.query<Row>(sql)).rows
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
