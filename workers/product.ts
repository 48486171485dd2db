/** The whole product in one process: what is opened here closes in reverse, and waits for what has begun. */
import type { Config } from '../src/config.ts'
import { openContext } from '../src/context.ts'
import { NO_SENDER } from '../src/delivery/at-once.ts'
import { UserError } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import { readerOf } from '../src/open-database.ts'
import { type RunFile, writeRunFile } from '../src/run-file.ts'
import type { Settings } from '../src/settings.ts'
import { type Database, openDatabase } from '../src/store/database.ts'
import { untilReady } from '../src/store/readiness.ts'
import { schemaState } from '../src/store/schema-state.ts'
import { databaseName } from '../src/store/unreachable.ts'
import { upkeep } from '../src/sweep/upkeep.ts'
import { type Clock, openClock } from './clock.ts'
import { type Check, openHealth } from './health.ts'
import { openHeartbeat } from './heartbeat.ts'
import { openJobs } from './jobs.ts'
import { metricsText } from './metrics.ts'
import { openOutbox } from './outbox.ts'
import { openQueues, type Queues } from './queues.ts'
import type { Role } from './roles.ts'
import { openSchedule, type Schedule } from './schedule.ts'
import { openSweep } from './sweep.ts'

export interface ProductParts {
  settings: Settings
  config: Config
  log: Log
  roles: readonly Role[]
  /** false: refuse to run on an older schema */
  migrate: boolean
  now(): Date
  /** aborted when what runs must stop at once */
  life: AbortSignal
  /** the demo's: alerts say that the prices are simulated */
  simulated?: boolean
  /** a clock that is moved on purpose (a battle that lasts days) is not held against the database's */
  moved_clock?: boolean
}

export interface Product extends AsyncDisposable {
  run: RunFile
  database: Database
}

/** Opens everything; a part that cannot be opened closes those that were. Throws a UserError that says what to do. */
export async function openProduct(parts: ProductParts): Promise<Product> {
  await using stack = new AsyncDisposableStack()
  const { settings, config, log, roles, now } = parts
  const { url, readerUrl } = await openServer(stack, settings, log)
  const database = stack.use(openDatabase(url))
  await untilReady(database, (why) => log.warn(why))
  const clock = parts.moved_clock ? null : stack.use(await openClock({ database, log, now }))
  await ensureSchema(database, parts.migrate)
  await upkeep({ config, database, now })
  const outbox = stack.use(openOutbox({ ...parts, database }))
  const sender = roles.includes('deliver') ? outbox : NO_SENDER
  const context = await openContext({ ...parts, database, sender })
  const queues = stack.use(
    await openQueues({ redisUrl: settings.redisUrl, databaseUrl: url, migrate: parts.migrate, log }),
  )
  stack.use(openJobs(context, queues, outbox, roles))
  const schedule = roles.includes('schedule') ? stack.use(await openSchedule(context, queues)) : null
  const checks = checksOf({ database, queues, schedule, clock, now })
  const port = await openPort(stack, settings, checks, () => metricsText(database, queues, clock))
  if (roles.includes('sweep')) {
    stack.use(openSweep(context, queues))
    stack.use(openHeartbeat(context, checks))
  }
  const run: RunFile = {
    ...{ pid: process.pid, port, database: await readerUrl(), database_name: databaseName(url) },
    ...{ queue: queues.kind, started: now().toISOString() },
  }
  stack.use(writeRunFile(settings.data, run))
  for (const warning of config.warnings) log.warn(warning)
  log.info({ port, database: databaseName(url), queue: queues.kind, roles }, 'ready')
  const open = stack.move()
  return { run, database, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

interface Server {
  url: string
  /** of somebody who reads `reporting` and nothing else */
  readerUrl(): Promise<string>
}

async function openServer(stack: AsyncDisposableStack, settings: Settings, log: Log): Promise<Server> {
  const { databaseUrl: url } = settings
  if (url === undefined) {
    // an installation with a database of its own may lack the embedded one
    const { openEmbedded } = await import('../src/store/embedded.ts')
    return stack.use(await openEmbedded({ data: settings.data, log }))
  }
  return { url, readerUrl: async () => readerOf(url) }
}

async function ensureSchema(database: Database, mayMigrate: boolean): Promise<void> {
  const state = await schemaState(database)
  if (state.is === 'current') return
  if (state.is !== 'newer' && mayMigrate) {
    // its library takes a moment to load, and mostly nothing is to be done
    const { migrate } = await import('../src/store/migrate.ts')
    await migrate(database.url)
    return
  }
  if (state.is === 'newer') {
    throw new UserError(
      `The database was migrated by a newer version (${state.names.join(', ')}): use that one.`,
    )
  }
  throw new UserError(`The database lacks ${state.names.join(', ')}. Run: metalgap migrate`)
}

interface Observed {
  database: Database
  queues: Queues
  schedule: Schedule | null
  clock: Clock | null
  now(): Date
}

/** Null when METALGAP_PORT is off. */
async function openPort(
  stack: AsyncDisposableStack,
  settings: Settings,
  checks: Record<string, Check>,
  metrics: () => Promise<string>,
): Promise<number | null> {
  const { host, port } = settings
  if (port === 'off') return null
  const health = await openHealth({ host, port, checks, metrics })
  return stack.use(health).port
}

function checksOf({ database, queues, schedule, clock, now }: Observed): Record<string, Check> {
  return {
    database: async () => void (await database.query('select 1 from metalgap.feeds limit 1')),
    queue: queues.check,
    // a replica without the role has nothing to say about it
    schedule: async () => {
      const problem = schedule?.problem(now()) ?? null
      if (problem !== null) throw new Error(problem)
    },
    ...(clock && { clock: clock.check }),
  }
}
