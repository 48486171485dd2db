/** `metalgap prices`: what was published, exactly as it was published. */
import { addSpan, type SpanOptions, spanOf } from '../command-line/options.ts'
import { column, printRows, right } from '../command-line/print.ts'
import { age, priced, utc } from '../command-line/words.ts'
import { readConfig } from '../config.ts'
import { noSuch } from '../nearest.ts'
import { asReader } from '../open-database.ts'
import type { Settings } from '../settings.ts'
import { type PriceRevision, type PriceRow, priceHistory, priceRevisions } from '../store/history.ts'
import { type LatestPrice, latestPrices } from '../store/latest.ts'
import type { CommandFile } from './command.ts'

interface Options extends SpanOptions {
  latest?: boolean
  revisions?: boolean
  json?: boolean
}

const basic = [
  column<PriceRow>('TIME (UTC)', ({ time }) => utc(time)),
  column<PriceRow>('SERIES', ({ series }) => series),
  right<PriceRow>('PRICE', ({ price, currency, unit }) => priced(price, currency, unit)),
  column<PriceRow>('TAX', ({ tax_basis }) => tax_basis),
  column<PriceRow>('SEEN (UTC)', ({ seen_at }) => utc(seen_at)),
]
const latest = [
  ...basic,
  right<LatestPrice>('AGE', ({ age_seconds }) => age(age_seconds)),
  column<LatestPrice>('SESSION', ({ session }) => session ?? 'unknown'),
]
const revisions = [
  ...basic,
  right<PriceRevision>('REVISION', ({ revision }) => String(revision)),
  column<PriceRevision>('DISBELIEVED', ({ reason }) => reason ?? ''),
]

export default {
  summary: 'prices as they were published, newest last',
  examples: [
    'prices --latest',
    'prices sge-delayed/ag-td --since 4h',
    'prices sina/xag --revisions --since 2026-01-29 --limit all --json',
  ],
  reads: true,
  configure(program) {
    program.argument('[series]', 'feed/name, e.g. lbma/silver; default: all')
    addSpan(program)
      .option('--latest', 'only the last price of each series, with its age and whether its venue is open')
      .option('--revisions', 'corrected and disbelieved prices too')
  },
  async run({ args: [series = null], options }, settings) {
    if (series !== null) await requireSeries(series, settings)
    const { json = false, limit } = options
    const empty = 'No prices yet. They come with npm start; metalgap status says more.'
    if (options.latest) {
      const rows = await asReader(settings, (database) => latestPrices(database, series))
      await printRows(rows, { columns: latest, json, empty })
    } else if (options.revisions) {
      const rows = await asReader(settings, (database) => priceRevisions(database, spanOf(options), series))
      await printRows(rows, { columns: revisions, json, empty, limit })
    } else {
      const rows = await asReader(settings, (database) => priceHistory(database, spanOf(options), series))
      await printRows(rows, { columns: basic, json, empty, limit })
    }
    return 0
  },
} satisfies CommandFile<Options>

async function requireSeries(series: string, { config, env }: Settings): Promise<void> {
  const known = Object.keys((await readConfig(config, env, new Date())).series)
  if (!known.includes(series)) throw noSuch('series', series, known)
}
