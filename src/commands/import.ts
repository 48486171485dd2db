/** `metalgap import`: history from CSV files becomes ticks and premiums, and no alert. */
import { columns } from '../command-line/columns.ts'
import { printLines, printObject } from '../command-line/print.ts'
import { readConfig } from '../config.ts'
import { openContext } from '../context.ts'
import { UserError } from '../errors.ts'
import { suspectTexts } from '../import/screen.ts'
import { type Imported, importFiles } from '../import.ts'
import { openLog } from '../log.ts'
import { asLive } from '../open-database.ts'
import { faultText, type Spoken } from '../price-file.ts'
import { registerMissing } from '../store/register.ts'
import { counted } from '../text.ts'
import { keepYoungHeap } from '../young-heap.ts'
import type { CommandFile } from './command.ts'

interface Options {
  series?: string
  column: Spoken['columns']
  quarantineJumps?: boolean
  json?: boolean
}

const REFUSED = 1
const PROGRESS_EVERY_MS = 2_000

export default {
  summary: 'loads history from CSV files (or .gz) and works out its premiums; it never alerts',
  examples: [
    'import lbma-silver.csv --series lbma/silver',
    'import 2014.csv.gz 2015.csv.gz 2016.csv.gz    # with a column series',
    'import assessments.csv --series sge-benchmark/shag-pm --quarantine-jumps',
    'import fastmarkets.csv --series lbma/silver --column date="Assessment Date" --column price=Mid',
  ],
  reads: true,
  configure(program) {
    program
      .argument(
        '<files...>',
        'CSV with time (ISO, with zone) or date, price, and perhaps series, bid, ask, known_at',
      )
      .option('--series <series>', 'for rows that name none, e.g. lbma/silver')
      .addOption(columns())
      .option(
        '--quarantine-jumps',
        'store a price that moved more than its series may as disbelieved, until three in a row agree',
      )
  },
  async run({ args, options: { series, column, quarantineJumps = false, json = false } }, settings) {
    if (args.length === 0) throw new UserError('name at least one file to import', 2)
    const config = await readConfig(settings.config, settings.env, new Date())
    keepYoungHeap()
    const imported = await asLive(settings, async (database) => {
      const log = openLog(settings.logLevel, false)
      const now = () => new Date()
      const life = new AbortController().signal
      const configuration_id = await registerMissing(database, config)
      const context = await openContext({ config, configuration_id, database, log, now, life })
      return importFiles(context, args, {
        ...{ series, columns: column },
        ...{ quarantine: quarantineJumps, progress: teller() },
      })
    })
    if (json) printObject(imported)
    else await printLines(report(imported))
    return imported.refused > 0 ? REFUSED : 0
  },
} satisfies CommandFile<Options>

/** A line now and then: long work shows that it goes on. */
function teller(): (line: string) => void {
  let last = Date.now()
  return (line) => {
    if (Date.now() - last < PROGRESS_EVERY_MS) return
    last = Date.now()
    console.error(line)
  }
}

function report(imported: Imported): string[] {
  const { read, known, revised, refused, faults, premiums } = imported
  const more = refused - faults.length
  return [
    `${counted(read, 'row')} read: ${count(imported.new)} new, ${count(revised)} revised, ${count(known)} known already, ${count(refused)} refused.`,
    ...faults.map((fault) => `  ${faultText(fault)}`),
    ...(more > 0 ? [`  and ${count(more)} more`] : []),
    ...suspectTexts(imported),
    ...Object.entries(premiums).map(([pair, written]) => `${pair}: ${counted(written, 'premium')} written.`),
    ...(read > refused && Object.keys(premiums).length === 0
      ? ['No enabled pair uses these series: no premiums.']
      : []),
  ]
}

function count(number: number): string {
  return number.toLocaleString('en')
}
