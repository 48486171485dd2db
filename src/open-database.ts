/** How commands reach the database from any terminal: one that runs already is joined, an embedded one is started. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PAIRS } from './demo/configuration.ts'
import { UserError } from './errors.ts'
import { openLog } from './log.ts'
import { type RunFile, runningIn } from './run-file.ts'
import type { Settings } from './settings.ts'
import { type Database, openDatabase } from './store/database.ts'
import { openEmbedded } from './store/embedded.ts'
import { watchedPairs } from './store/latest.ts'
import { isSqlState } from './store/unreachable.ts'

const SCHEMA_MISSING = ['3F000', '42P01', '42703']
const NOT_ALLOWED = ['42501']

const MAKE_ONE = 'Run: metalgap migrate, or npm start'

type Role = 'reader' | 'owner'

/**
 * Runs `work` on the views as somebody who reads `reporting` and nothing else, and lets the database go before the
 * answer is printed. Throws a UserError (69) where there is no database or no schema in it.
 */
export function asReader<T>(settings: Settings, work: (database: Database) => Promise<T>): Promise<T> {
  return onceOpened(settings, 'reader', work)
}

/** The same with every right: for the private tables and for what writes. */
export function asOwner<T>(settings: Settings, work: (database: Database) => Promise<T>): Promise<T> {
  return onceOpened(settings, 'owner', work)
}

/**
 * The same for what belongs into the live database and would be lost in that of the demo, which the next demo empties.
 * Throws a UserError (69) where only a demo is there.
 */
export function asLive<T>(settings: Settings, work: (database: Database) => Promise<T>): Promise<T> {
  if (settings.databaseUrl === undefined && embeddedFolder(settings) !== settings.data)
    throw new UserError(
      `Below ${settings.data} there is the database of a demo, and this belongs into the live one. ${MAKE_ONE}`,
      69,
    )
  return onceOpened(settings, 'owner', work)
}

/** The url of the role that reads `reporting`; of a database of somebody else's without its password. */
export async function readingUrl(settings: Settings): Promise<string> {
  if (settings.databaseUrl === undefined) {
    await using stack = new AsyncDisposableStack()
    return await urlFor(stack, settings, 'reader')
  }
  return readerOf(settings.databaseUrl)
}

/** The same database for the role metalgap_reader, whose password only its administrator knows. */
export function readerOf(url: string): string {
  const reader = new URL(url)
  reader.username = 'metalgap_reader'
  reader.password = ''
  // the driver takes them from here too
  for (const name of ['user', 'password']) reader.searchParams.delete(name)
  return reader.href
}

async function onceOpened<T>(settings: Settings, role: Role, work: (database: Database) => Promise<T>) {
  await using stack = new AsyncDisposableStack()
  try {
    const database = stack.use(openDatabase(await urlFor(stack, settings, role), { max: 4 }))
    await tellIfSimulated(database)
    return await work(database)
  } catch (error) {
    throw explained(error)
  }
}

async function urlFor(stack: AsyncDisposableStack, settings: Settings, role: Role): Promise<string> {
  if (settings.databaseUrl !== undefined) return settings.databaseUrl
  const data = embeddedFolder(settings)
  const embedded = stack.use(await openEmbedded({ data, log: openLog('warn', false) }))
  return role === 'owner' ? embedded.url : await embedded.readerUrl()
}

/**
 * The data folder whose embedded database is meant: that of a running process, the demo's included, else the one that
 * there is. Throws a UserError (69) where there is none, or where the process uses a database of somebody else's.
 */
export function embeddedFolder({ data }: Pick<Settings, 'data'>): string {
  const demo = join(data, 'demo')
  const [run, demonstration] = [runningIn(data), runningIn(demo)]
  // the demo announces itself in the folder of the live product too
  if (run !== null && run.pid !== demonstration?.pid) return requireOurs(data, run)
  if (demonstration !== null) return requireOurs(demo, demonstration)
  const found = [data, demo].find(holdsCluster)
  if (found === undefined)
    throw new UserError(`There is no database yet below ${data}. ${MAKE_ONE}, or npm run demo`, 69)
  return found
}

/** Only of the embedded database does a process know the reader's password. */
function requireOurs(folder: string, run: RunFile): string {
  if (new URL(run.database).password !== '') return folder
  throw new UserError(
    `Process ${run.pid} uses the database ${run.database_name}. Set DATABASE_URL to reach it.`,
    69,
  )
}

/** Whether an embedded database was ever made below the data folder, by the demo or for good. */
export function hasEmbedded({ data }: Pick<Settings, 'data'>): boolean {
  return [data, join(data, 'demo')].some(holdsCluster)
}

function holdsCluster(folder: string): boolean {
  return existsSync(join(folder, 'postgres', 'cluster', 'PG_VERSION'))
}

async function tellIfSimulated(database: Database): Promise<void> {
  const pairs = await watchedPairs(database)
  const demo: readonly string[] = PAIRS
  if (pairs.length > 0 && pairs.every((pair) => demo.includes(pair)))
    console.error('SIMULATED PRICES: this is the database of the demo.')
}

function explained(error: unknown): unknown {
  if (isSqlState(error, SCHEMA_MISSING))
    return new UserError(`The database does not have the tables of this version. ${MAKE_ONE}`, 69, {
      cause: error,
    })
  if (isSqlState(error, NOT_ALLOWED))
    return new UserError(`The user in DATABASE_URL may not do this: ${(error as Error).message}`, 1, {
      cause: error,
    })
  return error
}
