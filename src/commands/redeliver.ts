/** `metalgap redeliver`: sends again under its own id what was given up, or what a receiver has lost. */
import { Argument, Option } from 'commander'
import { instantOrAgo, uuid } from '../command-line/options.ts'
import { column, printRows, right } from '../command-line/print.ts'
import { utc } from '../command-line/words.ts'
import { UserError } from '../errors.ts'
import { asOwner } from '../open-database.ts'
import { type Redelivery, type RedeliveryWish, redeliver, redeliverable } from '../store/redelivery.ts'
import { cut } from '../text.ts'
import type { CommandFile } from './command.ts'

interface Options {
  channel?: string
  since?: Date
  until?: Date
  state: 'dead' | 'delivered' | 'both'
  dryRun?: boolean
  json?: boolean
}

const MOST_OF_AN_ERROR = 60
const STATES = { dead: ['dead'], delivered: ['delivered'], both: ['dead', 'delivered'] } as const

const columns = [
  column<Redelivery>('TIME (UTC)', ({ time }) => utc(time)),
  column<Redelivery>('CHANNEL', ({ channel }) => channel),
  column<Redelivery>('TYPE', ({ type }) => type),
  right<Redelivery>('STEP', ({ sequence }) => String(sequence)),
  column<Redelivery>('WAS', ({ state }) => state),
  right<Redelivery>('ATTEMPTS', ({ attempts }) => String(attempts)),
  column<Redelivery>('ID', ({ delivery_id }) => delivery_id),
  column<Redelivery>('ERROR', ({ last_error }) => cut(last_error ?? '', MOST_OF_AN_ERROR)),
]

export default {
  summary: 'sends dead or delivered messages again, under their own id and with a schedule of their own',
  examples: [
    'redeliver 5f0c6f0e-1b1c-4d7e-9a35-0a8f4c1d2e3f',
    'redeliver --channel risk --since 2d --dry-run',
    'redeliver --channel risk --since 2026-01-29T07:00:00Z --until 2026-01-29T09:00:00Z --state both',
  ],
  reads: true,
  configure(program) {
    program
      .addArgument(
        new Argument('[ids...]', 'of deliveries: the webhook-id').argParser(
          (text: string, before: string[] = []) => [...before, uuid(text)],
        ),
      )
      .option('--channel <name>', 'only to this channel')
      .addOption(
        new Option('--since <time>', 'written since: an ISO time, or 4h, 2d').argParser(instantOrAgo),
      )
      .addOption(new Option('--until <time>', 'written before').argParser(instantOrAgo))
      .addOption(
        new Option('--state <state>', 'what became of it; of ids: both')
          .choices(['dead', 'delivered', 'both'])
          .default('dead'),
      )
      .option('--dry-run', 'print what would be sent again, and change nothing')
  },
  async run({ args, options }, settings) {
    const wish = wishOf(args.flat(), options)
    const { dryRun = false, json = false } = options
    const rows = await asOwner(settings, (database) =>
      dryRun ? redeliverable(database, wish) : redeliver(database, wish, new Date()),
    )
    await printRows(rows, { columns, json, empty: 'Nothing dead or delivered is meant by this.' })
    if (rows.length > 0) console.error(outcome(rows.length, dryRun))
    return rows.length < wish.ids.length ? 1 : 0
  },
} satisfies CommandFile<Options>

function wishOf(ids: string[], { channel, since, until, state }: Options): RedeliveryWish {
  if (ids.length === 0 && channel === undefined && since === undefined && until === undefined)
    throw new UserError('Say what to send again: ids, --channel, --since or --until.', 2)
  return {
    ...{ ids, channel: channel ?? null, since: since ?? null, until: until ?? null },
    states: STATES[ids.length > 0 ? 'both' : state],
  }
}

function outcome(count: number, dryRun: boolean): string {
  if (dryRun) return `${count} would be sent again; nothing was changed.`
  return `${count} go out again while metalgap start runs. See: metalgap deliveries`
}
