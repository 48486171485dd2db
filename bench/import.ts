/**
 * Rows a second of `metalgap import`, validation included and premiums apart, against a bare COPY of the same rows into the same
 * keyed table; and memory from one month of minutes to ten years of them, each in a process of its own; at last the same with
 * premiums, and of `metalgap backtest --csv`: a year of them by default, ten take half an hour. Prints JSON; `node bench/import.ts [years] [years with premiums]`.
 */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../src/config.ts'
import { openContext } from '../src/context.ts'
import { importFiles } from '../src/import.ts'
import { openLog } from '../src/log.ts'
import { openLoader } from '../src/store/copying.ts'
import { openDatabase } from '../src/store/database.ts'
import { openFolder } from './lib/folder.ts'
import { legsAt, openHistory } from './lib/history.ts'
import { openMachine, round } from './lib/machine.ts'

const [years, years_with_premiums] = [Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 1)]
const MINUTE = 60_000
const MONTH = 43_800
const COMPARED = 12 * MONTH
const BEGIN = Date.UTC(2014, 0)
const PART = 2_000
const AIM = 0.5

const machine = openMachine()
using folder = openFolder()
await using history = await openHistory(folder.path)
await using database = openDatabase(history.url)
const FILE = join(folder.path, 'prices.csv')
const METALGAP = fileURLToPath(new URL('../bin/metalgap.js', import.meta.url))
const PEAK = new URL('./lib/peak.ts', import.meta.url).href

// the pair of the bench uses none of this series: premiums are not what is measured
const SERIES = 'sina/ag-shfe'

const bare = await bareCopy(COMPARED)
const ours = await imported(COMPARED)
const share = round(ours.rows_per_second / bare.rows_per_second)
const memory = {
  month: await peakOf(MONTH, rowOf),
  year: await peakOf(12 * MONTH, rowOf),
  [`${years}_years`]: await peakOf(years * 12 * MONTH, rowOf),
  month_with_premiums: await peakOf(MONTH, rowsOfPair),
  [`${years_with_premiums}_years_with_premiums`]: await peakOf(years_with_premiums * 12 * MONTH, rowsOfPair),
  month_of_backtest: await peakOf(MONTH, rowsOfPair, ['backtest', '--csv']),
  [`${years_with_premiums}_years_of_backtest`]: await peakOf(years_with_premiums * 12 * MONTH, rowsOfPair, [
    'backtest',
    '--csv',
  ]),
}
console.log(
  JSON.stringify(
    {
      figure: 'import',
      ...machine(),
      bare_copy: bare,
      import: ours,
      share_of_bare_copy: share,
      aim: AIM,
      met: share >= AIM,
      peak_resident_mb: memory,
    },
    undefined,
    2,
  ),
)

function rowOf(i: number): string {
  return `${new Date(BEGIN + i * MINUTE).toISOString()},${SERIES},${priceOf(i)}\n`
}

function rowsOfPair(i: number): string {
  const at = new Date(BEGIN + i * MINUTE).toISOString()
  return legsAt(i)
    .map(({ series, price }) => `${at},${series},${price}\n`)
    .join('')
}

function priceOf(i: number): string {
  return (8000 + Math.round(700 * Math.sin(i / 3000) * 100) / 100).toFixed(2)
}

/** The months' partitions are there for both. */
async function emptied(rows: number): Promise<void> {
  await database.query('truncate metalgap.ticks, metalgap.premiums cascade')
  await database.query('select metalgap.ensure_tick_partitions($1, $2)', [
    new Date(BEGIN),
    new Date(BEGIN + rows * MINUTE),
  ])
  await database.query('checkpoint')
}

async function bareCopy(rows: number) {
  await emptied(rows)
  await using loader = await openLoader(history.url)
  const parts = Array.from({ length: Math.ceil(rows / PART) }, (_, part) => {
    const from = part * PART
    return Array.from({ length: Math.min(PART, rows - from) }, (_, i) => {
      const at = new Date(BEGIN + (from + i) * MINUTE).toISOString()
      return `${SERIES}\t${at}\t${priceOf(from + i)}\t${at}\n`
    }).join('')
  })
  const began = performance.now()
  await loader.copy('metalgap.ticks (series, at, price, seen_at)', parts)
  return { rows, rows_per_second: perSecond(rows, began) }
}

async function imported(rows: number) {
  await writeRows(rows, rowOf)
  await emptied(rows)
  const log = openLog('warn', false)
  const config = await readConfig(history.config, {}, new Date())
  const parts = { config, database, log, now: () => new Date() }
  const context = await openContext({ ...parts, life: new AbortController().signal })
  const began = performance.now()
  const { new: fresh } = await importFiles(context, [FILE], { quarantine: false, progress: () => {} })
  if (fresh !== rows) throw new Error(`${fresh} of ${rows} rows were new`)
  return { rows, rows_per_second: perSecond(rows, began) }
}

/** Of the command, from its beginning to its end. */
async function peakOf(minutes: number, rowsAt: (i: number) => string, command = ['import']): Promise<number> {
  await writeRows(minutes, rowsAt)
  await emptied(minutes)
  const { status, stderr } = spawnSync(process.execPath, ['--import', PEAK, METALGAP, ...command, FILE], {
    env: { DATABASE_URL: history.url, METALGAP_CONFIG: history.config },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return Math.round((Number(stderr.split('\n').at(-1)) * 1024) / 1e6)
}

async function writeRows(minutes: number, rowsAt: (i: number) => string): Promise<void> {
  const out = createWriteStream(FILE)
  out.write('time,series,price\n')
  for (let i = 0; i < minutes; i++) if (!out.write(rowsAt(i))) await once(out, 'drain')
  out.end()
  await once(out, 'finish')
}

function perSecond(rows: number, began: number): number {
  return Math.round(rows / ((performance.now() - began) / 1000))
}
