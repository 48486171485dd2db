/** Brings the schema to where this program expects it. Plain SQL in migrations/, up and down in one file. */
import { setTimeout as sleep } from 'node:timers/promises'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { UserError } from '../errors.ts'
import { MIGRATIONS } from './schema-state.ts'
import { isSqlState, readableError } from './unreachable.ts'

const ATTEMPTS = 20

/** Another database of the cluster is making the same role: duplicate, "tuple concurrently updated", deadlock. */
const RACES = ['42710', '23505', 'XX000', '40P01', '40001']

/** Runs what has not been run, all in one transaction, one process at a time; answers with the names. */
export function migrate(url: string): Promise<string[]> {
  return run(url, 'up', Number.POSITIVE_INFINITY)
}

/** Undoes the last `count` migrations; answers with their names. */
export function downgrade(url: string, count: number): Promise<string[]> {
  return run(url, 'down', count)
}

async function run(url: string, direction: 'up' | 'down', count: number): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(url, direction, count)
    } catch (error) {
      if (!isSqlState(error, RACES) || attempt === ATTEMPTS) throw explained(error, url)
      await sleep(25 * attempt)
    }
  }
}

async function runOnce(url: string, direction: 'up' | 'down', count: number): Promise<string[]> {
  const client = new pg.Client({
    ...{ connectionString: url, application_name: 'metalgap migrate', connectionTimeoutMillis: 10_000 },
  })
  client.on('error', () => {}) // what runs on it fails by itself
  await client.connect()
  try {
    const done = await runner({
      ...{
        dbClient: client,
        dir: MIGRATIONS,
        direction,
        count,
        singleTransaction: true,
        advisoryLockMode: 'wait',
      },
      ...{ migrationsSchema: 'metalgap', createMigrationsSchema: true, migrationsTable: 'migrations' },
      logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    })
    return done.map(({ name }) => name)
  } finally {
    await client.end().catch(() => {})
  }
}

function explained(error: unknown, url: string): unknown {
  const readable = readableError(error, url)
  if (readable instanceof UserError || !(error instanceof Error)) return readable
  const hint = 'hint' in error && typeof error.hint === 'string' ? ` ${error.hint}` : ''
  return new UserError(`The migration failed and nothing was changed: ${error.message}.${hint}`, 1, {
    cause: error,
  })
}
