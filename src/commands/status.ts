/** `metalgap status`: what runs, how it stands, and what is wanting. */
import type { QueueStanding } from '../../workers/queue-standing.ts'
import { column, printLines, printObject, right, tableOf } from '../command-line/print.ts'
import { age, percent, plain, signed, utc } from '../command-line/words.ts'
import { openLog } from '../log.ts'
import { asOwner, embeddedFolder } from '../open-database.ts'
import { type RunFile, runningIn } from '../run-file.ts'
import type { Settings } from '../settings.ts'
import { type Standing, standingOf, wantingIn } from '../standing.ts'
import type { FeedHealth, PairHealth } from '../store/health.ts'
import type { BreachRow } from '../store/history.ts'
import { type CommandFile, FOUND_WANTING } from './command.ts'

interface Whole extends Standing {
  /** the process of this data folder; the reading url is left out */
  running: Omit<RunFile, 'database'> | null
  queue: QueueStanding
  wanting: string[]
}

const feeds = [
  column<FeedHealth>('FEED', ({ feed }) => feed),
  column<FeedHealth>('STATE', ({ state }) => state),
  column<FeedHealth>('LAST SUCCESS (UTC)', ({ time }) => utc(time)),
  column<FeedHealth>('LAST NEWS (UTC)', ({ last_tick_at }) => utc(last_tick_at)),
  right<FeedHealth>('FAILURES', ({ failures_in_row }) => String(failures_in_row)),
]
const pairs = [
  column<PairHealth>('PAIR', ({ pair }) => pair),
  right<PairHealth>('PREMIUM', ({ as_quoted_usd }) => signed(as_quoted_usd)),
  column<PairHealth>('UNIT', ({ unit }) => `USD/${unit}`),
  right<PairHealth>('%', ({ as_quoted_pct }) => percent(as_quoted_pct)),
  right<PairHealth>('AGE', ({ age_seconds }) => age(age_seconds)),
  column<PairHealth>('COMPARABLE', ({ comparability, is_imported, reason }) =>
    is_imported ? 'imported' : reason || (comparability ?? 'no price yet'),
  ),
]
const breaches = [
  column<BreachRow>('OPEN BREACH', ({ rule }) => rule),
  column<BreachRow>('PAIR', ({ pair }) => pair),
  column<BreachRow>('STATE', ({ state }) => state),
  column<BreachRow>('SEVERITY', ({ severity }) => severity),
  right<BreachRow>('VALUE', ({ value }) => plain(value)),
  column<BreachRow>('SINCE (UTC)', ({ time }) => utc(time)),
]

export default {
  summary: 'what runs and how it stands; exit code 3 when a breach is open or something is unhealthy',
  examples: ['status', 'status --json', 'status || mail -s "metalgap: look" desk@example.com'],
  reads: true,
  async run({ options: { json = false } }, settings) {
    const whole = await ask(settings)
    if (json) printObject(whole)
    else await show(whole)
    return whole.wanting.length === 0 ? 0 : FOUND_WANTING
  },
} satisfies CommandFile<{ json?: boolean }>

async function ask(settings: Settings): Promise<Whole> {
  const { databaseUrl, redisUrl, data } = settings
  const run = runningIn(databaseUrl === undefined ? embeddedFolder(settings) : data)
  const { queueStanding } = await import('../../workers/queue-standing.ts')
  const { standing, queue } = await asOwner(settings, async (database) => ({
    standing: await standingOf(database),
    queue: await queueStanding(redisUrl, database.url, openLog('silent', false)),
  }))
  return {
    running: run && shown(run),
    queue,
    ...standing,
    wanting: [...idle(settings, run), ...quiet(queue), ...wantingIn(standing)],
  }
}

function shown({ database: _url, ...run }: RunFile): Whole['running'] {
  return run
}

/** With a database that others reach too, what polls may run elsewhere: then the feeds say whether it does. */
function idle({ databaseUrl }: Settings, run: RunFile | null): string[] {
  return run === null && databaseUrl === undefined ? ['nothing runs: start it with npm start'] : []
}

function quiet({ problem }: QueueStanding): string[] {
  return problem === null ? [] : [`the queue does not work: ${problem}`]
}

async function show(whole: Whole): Promise<void> {
  const { running, database, schema, queue, deliveries, wanting } = whole
  const tables = [tableOf(whole.feeds, feeds), tableOf(whole.pairs, pairs), tableOf(whole.breaches, breaches)]
  await printLines([
    `RUNNING     ${running === null ? 'nothing here' : `process ${running.pid} since ${running.started}, port ${running.port ?? 'off'}`}`,
    `DATABASE    ${database}, schema ${schema}`,
    `QUEUE       ${queue.kind}: ${jobsText(queue)}`,
    `DELIVERIES  ${deliveries.pending} pending, ${deliveries.dead} given up in the last day`,
    ...tables.filter((table) => table.length > 0).flatMap((table) => ['', ...table]),
    '',
    ...(wanting.length === 0 ? ['All is well.'] : ['WANTING', ...wanting.map((sentence) => `  ${sentence}`)]),
  ])
}

function jobsText({ jobs }: QueueStanding): string {
  if (jobs === null) return 'cannot be asked'
  const waiting = Object.entries(jobs).map(
    ([kind, counts]) =>
      `${kind} ${(counts['waiting'] ?? 0) + (counts['active'] ?? 0) + (counts['delayed'] ?? 0)}`,
  )
  return `jobs ${waiting.join(', ')}`
}
