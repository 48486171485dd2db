/** `metalgap deliveries`: what was told, to whom, and what became of it. */
import { Option } from 'commander'
import { addSpan, type SpanOptions, spanOf, uuid } from '../command-line/options.ts'
import { column, printRows, right } from '../command-line/print.ts'
import { utc } from '../command-line/words.ts'
import { asReader } from '../open-database.ts'
import { type DeliveryRow, deliveryHistory } from '../store/history.ts'
import { cut } from '../text.ts'
import type { CommandFile } from './command.ts'

interface Options extends SpanOptions {
  channel?: string
  state?: string
  breach?: string
  json?: boolean
}

const MOST_OF_AN_ERROR = 60

const columns = [
  column<DeliveryRow>('TIME (UTC)', ({ time }) => utc(time)),
  column<DeliveryRow>('CHANNEL', ({ channel }) => channel),
  column<DeliveryRow>('TYPE', ({ type }) => type),
  column<DeliveryRow>('STATE', ({ state }) => state),
  right<DeliveryRow>('ATTEMPTS', ({ attempts }) => String(attempts)),
  right<DeliveryRow>('STATUS', ({ last_status }) => String(last_status ?? '-')),
  column<DeliveryRow>('NEXT (UTC)', ({ next_attempt_at }) => utc(next_attempt_at)),
  column<DeliveryRow>('ID', ({ delivery_id }) => delivery_id),
  column<DeliveryRow>('ERROR', ({ last_error }) => cut(last_error ?? '', MOST_OF_AN_ERROR)),
]

export default {
  summary: 'deliveries to channels, newest last; the ID is the webhook-id',
  examples: ['deliveries', 'deliveries --state dead --since 7d', 'deliveries --channel treasury --json'],
  reads: true,
  configure(program) {
    addSpan(program)
      .option('--channel <name>', 'only to this channel')
      .addOption(
        new Option('--state <state>', 'only these').choices([
          'pending',
          'delivered',
          'dead',
          'shadow',
          'silenced',
        ]),
      )
      .option('--breach <id>', 'only about this breach', uuid)
  },
  async run({ options }, settings) {
    const { channel = null, state = null, breach = null, json = false, limit } = options
    const rows = await asReader(settings, (database) =>
      deliveryHistory(database, spanOf(options), { channel, state, breach_id: breach }),
    )
    const empty = 'No deliveries. Try a channel with: metalgap channel test NAME'
    await printRows(rows, { columns, json, empty, limit })
    return 0
  },
} satisfies CommandFile<Options>
