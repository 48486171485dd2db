/** `metalgap silence add|list|end`. */
import { Argument, Option } from 'commander'
import { futureInstant } from '../command-line/options.ts'
import { column, printObject, printRows, right } from '../command-line/print.ts'
import { whoRuns } from '../command-line/who.ts'
import { utc } from '../command-line/words.ts'
import { type Config, readConfig } from '../config.ts'
import { UserError } from '../errors.ts'
import { aboutOf } from '../message/silences.ts'
import { asLive, asReader } from '../open-database.ts'
import type { Settings } from '../settings.ts'
import type { Database } from '../store/database.ts'
import { type SilenceRow, silenceHistory } from '../store/history.ts'
import type { Silence } from '../store/silences.ts'
import { addSilence, LONGEST_DAYS, liftSilence } from '../telling/silencing.ts'
import type { CommandFile } from './command.ts'

interface Options {
  pair?: string
  rule?: string
  metal?: string
  severity?: string
  for?: Date
  until?: Date
  untilCleared?: boolean
  reason?: string
  who: string
  all?: boolean
  json?: boolean
}

const columns = [
  right<SilenceRow>('ID', ({ silence_id }) => String(silence_id)),
  column<SilenceRow>('WHAT', aboutOf),
  column<SilenceRow>('SINCE (UTC)', ({ time }) => utc(time)),
  column<SilenceRow>('UNTIL (UTC)', (row) => `${utc(row.until)}${row.until_cleared ? ' or cleared' : ''}`),
  column<SilenceRow>('WHO', ({ who }) => who),
  column<SilenceRow>('REASON', ({ reason }) => reason),
  right<SilenceRow>('SILENCED', ({ silenced }) => String(silenced)),
  column<SilenceRow>('ENDED', ({ ended_by, ended_at }) =>
    ended_by === null ? '-' : `${ended_by}, ${utc(ended_at)}`,
  ),
]

export default {
  summary: 'keeps alerts quiet for a while: they are written and not sent, and summed up at the end',
  examples: [
    'silence add --rule silver-gap --for 4h --reason "licence talks, we know"',
    'silence add --metal gold --severity warning --until 2026-12-24T18:00:00Z --reason holidays',
    'silence add --rule silver-gap --until-cleared --reason "hedged"',
    'silence list --json',
    'silence end 3',
  ],
  configure(program) {
    program
      .addArgument(new Argument('<action>', 'what to do').choices(['add', 'list', 'end']))
      .argument('[id]', 'end: which one')
      .option('--pair <pair>', 'only alerts of this pair')
      .option('--rule <rule>', 'only alerts of this rule')
      .option('--metal <metal>', 'only alerts of this metal')
      .addOption(new Option('--severity <severity>', 'only these').choices(['info', 'warning', 'critical']))
      .addOption(new Option('--for <time>', 'how long: 30m, 4h, 2d').argParser(futureInstant))
      .addOption(new Option('--until <time>', 'an ISO time').argParser(futureInstant).conflicts('for'))
      .option('--until-cleared', `until none of it is raised any more, ${LONGEST_DAYS} days at most`)
      .option('--reason <text>', 'why, for those who wonder')
      .option('--who <name>', 'who wants it', whoRuns())
      .option('--all', 'list: also those that have ended')
      .option('--json', 'rows as JSON')
  },
  async run({ args: [action, id], options }, settings) {
    if (action === 'list') return list(settings, options)
    if (action === 'add') return add(settings, options)
    if (id === undefined) throw new UserError('Say which: metalgap silence end 3', 2)
    if (!/^\d{1,15}$/.test(id))
      throw new UserError(`There is no silence "${id}": it has a number. See: metalgap silence list`)
    const ended = await withConfig(settings, (context) => liftSilence(context, Number(id), options.who))
    return tell(ended, options, `Silence ${ended.silence_id} (${aboutOf(ended)}) has ended.`)
  },
} satisfies CommandFile<Options>

async function add(settings: Settings, options: Options): Promise<undefined> {
  const { pair = null, rule = null, metal = null, severity = null, reason, who } = options
  const { untilCleared: until_cleared = false } = options
  const until = options.for ?? options.until ?? null
  if (reason === undefined) throw new UserError('Say why, for those who wonder: --reason "..."', 2)
  if (until === null && !until_cleared)
    throw new UserError('Say how long: --for 4h, --until TIME or --until-cleared.', 2)
  const wanted = { pair, rule, metal, severity, until, until_cleared, who, reason }
  const silence = await withConfig(settings, (context) => addSilence(context, wanted))
  const end = `until ${utc(silence.until)}${until_cleared ? ', or until it is cleared' : ''}`
  return tell(silence, options, `Silence ${silence.silence_id} holds ${end}: ${aboutOf(silence)}.`)
}

function tell(silence: Silence, { json = false }: Options, sentence: string): undefined {
  if (json) printObject(silence)
  else console.error(sentence)
}

async function list(settings: Settings, { all = false, json = false }: Options): Promise<undefined> {
  const rows = await asReader(settings, (database) => silenceHistory(database, all))
  const empty = all ? 'There never was a silence.' : 'No silence holds. Those that have ended: --all'
  await printRows(rows, { columns, json, empty })
}

async function withConfig<T>(
  settings: Settings,
  work: (context: { config: Config; now(): Date; database: Database }) => Promise<T>,
): Promise<T> {
  const config = await readConfig(settings.config, settings.env, new Date())
  return asLive(settings, (database) => work({ config, now: () => new Date(), database }))
}
