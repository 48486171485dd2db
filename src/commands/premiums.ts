/** `metalgap premiums`: east over west, as quoted and ex tax. */
import { addSpan, type SpanOptions, spanOf } from '../command-line/options.ts'
import { column, printRows, right } from '../command-line/print.ts'
import { age, percent, plain, signed, utc } from '../command-line/words.ts'
import { readConfig } from '../config.ts'
import { noSuch } from '../nearest.ts'
import { asReader } from '../open-database.ts'
import type { Settings } from '../settings.ts'
import type { Database } from '../store/database.ts'
import { type PremiumRow, premiumHistory } from '../store/history.ts'
import { type LatestPremium, latestPremiums, watchedPairs } from '../store/latest.ts'
import type { CommandFile } from './command.ts'

interface Options extends SpanOptions {
  latest?: boolean
  json?: boolean
}

type Shown = Omit<PremiumRow, 'time'> & { time: Date | null }

const basic = [
  column<Shown>('TIME (UTC)', ({ time }) => utc(time)),
  column<Shown>('PAIR', ({ pair }) => pair),
  right<Shown>('EAST', ({ east_usd }) => plain(east_usd)),
  right<Shown>('WEST', ({ west_usd }) => plain(west_usd)),
  right<Shown>('PREMIUM', ({ as_quoted_usd }) => signed(as_quoted_usd)),
  column<Shown>('UNIT', ({ unit }) => `USD/${unit}`),
  right<Shown>('%', ({ as_quoted_pct }) => percent(as_quoted_pct)),
  right<Shown>('EX TAX', ({ ex_tax_usd }) => signed(ex_tax_usd)),
  right<Shown>('%', ({ ex_tax_pct }) => percent(ex_tax_pct)),
]
const history = [
  ...basic,
  right<PremiumRow>('APART', ({ skew_seconds }) => age(skew_seconds)),
  right<PremiumRow>('ID', ({ premium_id }) => String(premium_id)),
]
const latest = [
  ...basic,
  right<LatestPremium>('AGE', ({ age_seconds }) => age(age_seconds)),
  column<LatestPremium>(
    'COMPARABLE',
    ({ comparability, reason }) => reason || (comparability ?? 'no price yet'),
  ),
]

export default {
  summary: 'premiums of east over west, newest last',
  examples: [
    'premiums',
    'premiums --latest',
    'premiums silver-live --since 1d --limit all --json',
    'explain 42    # how the premium with that ID came about',
  ],
  reads: true,
  configure(program) {
    program.argument('[pair]', 'e.g. silver-live; default: all')
    addSpan(program).option(
      '--latest',
      'only the last of each pair, with its age and whether it may be compared now',
    )
  },
  async run({ args: [pair = null], options }, settings) {
    const { json = false, limit } = options
    const empty = 'No premiums yet. They come with npm start; metalgap status says what is missing.'
    if (options.latest) {
      const rows = await read(settings, pair, (database) => latestPremiums(database, pair))
      await printRows(rows, { columns: latest, json, empty })
    } else {
      const rows = await read(settings, pair, (database) => premiumHistory(database, spanOf(options), pair))
      await printRows(rows, { columns: history, json, empty, limit })
    }
    return 0
  },
} satisfies CommandFile<Options>

/** A pair that nobody watches is a mistake only where it has left no premiums either. */
function read<Row>(
  settings: Settings,
  pair: string | null,
  ask: (database: Database) => Promise<Row[]>,
): Promise<Row[]> {
  return asReader(settings, async (database) => {
    const rows = await ask(database)
    if (rows.length > 0 || pair === null) return rows
    const { pairs } = await readConfig(settings.config, settings.env, new Date())
    const known = [...new Set([...(await watchedPairs(database)), ...Object.keys(pairs)])].sort()
    if (known.includes(pair)) return rows
    throw noSuch('pair', pair, known)
  })
}
