/** `metalgap backtest`: what the rules would have told over history. */
import { writeFile } from 'node:fs/promises'
import { InvalidArgumentError, Option } from 'commander'
import { backtest, rulesOf } from '../backtest/backtest.ts'
import { compare } from '../backtest/compare.ts'
import { breachesCsv } from '../backtest/csv.ts'
import { fileSource } from '../backtest/files.ts'
import { comparisonJson, reportJson } from '../backtest/json.ts'
import { type Source, type Span, storedSource } from '../backtest/source.ts'
import { comparisonText, reportText } from '../backtest/text.ts'
import { columns } from '../command-line/columns.ts'
import { instant } from '../command-line/options.ts'
import { printLines, printObject } from '../command-line/print.ts'
import { utc } from '../command-line/words.ts'
import { type Config, readConfig } from '../config.ts'
import { openContext } from '../context.ts'
import { UserError } from '../errors.ts'
import { suspectTexts } from '../import/screen.ts'
import { openLog } from '../log.ts'
import { asOwner } from '../open-database.ts'
import { type Parity, verifyAll } from '../parity.ts'
import type { Spoken } from '../price-file.ts'
import type { Settings } from '../settings.ts'
import { registerConfiguration } from '../store/register.ts'
import { counted } from '../text.ts'
import { keepYoungHeap } from '../young-heap.ts'
import type { CommandFile } from './command.ts'

interface Options {
  rule?: string
  from?: Date
  to?: Date
  config?: string
  csv?: string[]
  series?: string
  column: Spoken['columns']
  budget?: number
  compare?: string
  csvOut?: string
  verify?: boolean
  json?: boolean
}

const WANTING = 3

export default {
  summary: 'runs the rules over stored or imported history: what would have been told, and what not and why',
  examples: [
    'backtest',
    'backtest --rule silver-gap --from 2026-01-01 --budget 1/month',
    'backtest --csv shanghai.csv london.csv rates.csv --json',
    'backtest --compare config-proposed --csv-out breaches.csv',
    'backtest --verify    # does what was told live come out again? exit code 3 when it does not',
  ],
  reads: true,
  configure(program) {
    program
      .option('--rule <rule>', 'only this one, switched on or not')
      .addOption(
        new Option(
          '--from <time>',
          'what became known from then on; the rules begin with no memory',
        ).argParser(instant),
      )
      .addOption(new Option('--to <time>', 'and before then').argParser(instant))
      .option('--config <folder>', 'rules of another configuration than METALGAP_CONFIG')
      .option('--csv <files...>', 'prices of these files instead of the database')
      .option('--series <series>', 'for rows of the files that name none')
      .addOption(columns())
      .addOption(
        new Option('--budget <alerts>', 'the bounds that would have kept to it: 1/month').argParser(perMonth),
      )
      .option('--compare <folder>', 'hold the rules of a second configuration against these')
      .option('--csv-out <file>', 'write the breaches as CSV')
      .addOption(
        new Option(
          '--verify',
          'replay what was told live and compare with the transitions that were stored',
        ).conflicts([
          'rule',
          'from',
          'to',
          'config',
          'csv',
          'series',
          'column',
          'budget',
          'compare',
          'csvOut',
        ]),
      )
  },
  async run({ options }, settings) {
    if (options.verify) return verify(settings, options.json ?? false)
    const folder = options.config ?? settings.config
    const ours = await read(folder, settings)
    const theirs = options.compare === undefined ? null : await read(options.compare, settings)
    keepYoungHeap()
    const rule = options.rule ?? null
    const wishes = { rule, budget: options.budget ?? null }
    const tells = (config: Config | null) => config !== null && rulesOf(config, rule).length > 0
    const [report, other] = await withSource(ours, options, settings, async (source) => [
      await backtest(ours, source, { ...wishes, may_lack: tells(theirs) }),
      theirs === null ? null : await backtest(theirs, source, { ...wishes, may_lack: tells(ours) }),
    ])
    const comparison = other === null ? null : compare(report, other)
    if (options.csvOut !== undefined) await write(options.csvOut, breachesCsv(report))
    if (options.json) {
      const compared =
        comparison === null
          ? {}
          : { comparison: comparisonJson(comparison), other: reportJson(other ?? report) }
      printObject({ ...reportJson(report), ...compared })
    } else {
      await printLines(reportText(report))
      if (comparison !== null) await printLines(comparisonText(comparison, [folder, options.compare ?? '']))
    }
    return 0
  },
} satisfies CommandFile<Options>

async function write(file: string, lines: readonly string[]): Promise<void> {
  try {
    await writeFile(file, `${lines.join('\n')}\n`)
  } catch (error) {
    throw new UserError(`--csv-out: cannot write ${file}: ${(error as Error).message}`)
  }
}

async function verify(settings: Settings, json: boolean): Promise<number> {
  const config = await read(settings.config, settings)
  const checked = await asOwner(settings, async (database) => {
    const configuration_id = await registerConfiguration(database, config)
    const log = openLog(settings.logLevel, false)
    const parts = { config, configuration_id, database, log, now: () => new Date() }
    return verifyAll(await openContext({ ...parts, life: new AbortController().signal }))
  })
  if (json) printObject({ pairs: checked })
  else await printLines(checked.flatMap(parityText))
  return checked.some(({ differences }) => differences.length > 0) ? WANTING : 0
}

function parityText({ pair, since, transitions, differences }: Parity): string[] {
  if (differences.length > 0) return [`${pair}: NOT the same:`, ...differences.map((text) => `  ${text}`)]
  return [
    since === null
      ? `${pair}: nothing to begin from yet.`
      : `${pair}: ${counted(transitions, 'transition')} since ${utc(since)}, exactly as they were told.`,
  ]
}

function read(folder: string, settings: Settings): Promise<Config> {
  return readConfig(folder, settings.env, new Date())
}

async function withSource<T>(
  config: Config,
  { csv, series, column, from, to }: Options,
  settings: Settings,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const span: Span = { from: from?.getTime() ?? null, to: to?.getTime() ?? null }
  if (span.from !== null && span.to !== null && span.from >= span.to)
    throw new UserError('--from must be before --to', 2)
  if (csv !== undefined) {
    await using files = await fileSource(config, csv, { series, columns: column }, span, Date.now())
    for (const line of suspectTexts(files.suspected)) console.error(line)
    return await work(files)
  }
  return asOwner(settings, (database) => work(storedSource(database.url, span)))
}

function perMonth(text: string): number {
  const [, count] = /^(\d+(?:\.\d+)?)\/month$/.exec(text) ?? []
  if (count !== undefined) return Number(count)
  throw new InvalidArgumentError('Expected alerts a month, such as 1/month or 0.5/month.')
}
