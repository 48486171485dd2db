/** `metalgap breaches`: the episodes of rules. */
import { addSpan, type SpanOptions, spanOf } from '../command-line/options.ts'
import { column, printRows, right } from '../command-line/print.ts'
import { plain, utc } from '../command-line/words.ts'
import { asReader } from '../open-database.ts'
import { type BreachRow, breachHistory } from '../store/history.ts'
import type { CommandFile } from './command.ts'

interface Options extends SpanOptions {
  open?: boolean
  rule?: string
  pair?: string
  json?: boolean
}

const columns = [
  column<BreachRow>('RAISED (UTC)', ({ time }) => utc(time)),
  column<BreachRow>('RULE', ({ rule }) => rule),
  column<BreachRow>('PAIR', ({ pair }) => pair),
  column<BreachRow>('STATE', ({ state }) => state),
  column<BreachRow>('SEVERITY', ({ severity }) => severity),
  column<BreachRow>('MEASURE', ({ measure }) => measure),
  right<BreachRow>('VALUE', ({ value }) => plain(value)),
  right<BreachRow>('PEAK', ({ peak }) => plain(peak)),
  right<BreachRow>('RAISE', ({ raise }) => raise),
  right<BreachRow>('CLEAR', ({ clear }) => clear),
  column<BreachRow>('CLEARED (UTC)', ({ cleared_at }) => utc(cleared_at)),
  column<BreachRow>('ID', ({ breach_id }) => breach_id),
]

export default {
  summary: 'breaches of rules, newest last',
  examples: ['breaches --open', 'breaches --rule silver-gap --since 30d', 'breaches --json --limit all'],
  reads: true,
  configure(program) {
    addSpan(program)
      .option('--open', 'only those that are not cleared')
      .option('--rule <rule>', 'only this rule')
      .option('--pair <pair>', 'only rules of this pair')
  },
  async run({ options }, settings) {
    const { open = false, rule = null, pair = null, json = false, limit } = options
    const rows = await asReader(settings, (database) =>
      breachHistory(database, spanOf(options), { pair, rule, open }),
    )
    const empty = open
      ? 'No open breach. Where premiums stand: metalgap premiums --latest'
      : 'No breaches. Which rules there are: metalgap check'
    await printRows(rows, { columns, json, empty, limit })
    return 0
  },
} satisfies CommandFile<Options>
