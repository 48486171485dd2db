/** Brings the schema to where this program expects it. Plain SQL in migrations/, up and down in one file. */
import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { UserError } from '../errors.ts'
import type { Client } from './database.ts'
import { isSqlState, readableError } from './unreachable.ts'

const FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url))
const ATTEMPTS = 20

/** Another database of the cluster is making the same role: duplicate, "tuple concurrently updated", deadlock. */
const RACES = ['42710', '23505', 'XX000', '40P01', '40001']

/** Names of migrations that are missing in the database (`older`) or unknown to this program (`newer`). */
export interface SchemaState {
  is: 'none' | 'older' | 'current' | 'newer'
  names: string[]
}

/** Runs what has not been run, all in one transaction, one process at a time; answers with the names. */
export function migrate(url: string): Promise<string[]> {
  return run(url, 'up', Number.POSITIVE_INFINITY)
}

/** Undoes the last `count` migrations; answers with their names. */
export function downgrade(url: string, count: number): Promise<string[]> {
  return run(url, 'down', count)
}

/** Compares the database with this program's migrations. */
export async function schemaState(client: Client): Promise<SchemaState> {
  const ours = (await readdir(FOLDER))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -4))
  ours.sort()
  const { rows } = await client.query<{ known: boolean }>(
    `select to_regclass('metalgap.migrations') is not null as known`,
  )
  if (!rows[0]?.known) return { is: 'none', names: ours }
  const run = await client.query<{ name: string }>('select name from metalgap.migrations order by id')
  const theirs = run.rows.map((row) => row.name)
  const unknown = theirs.filter((name) => !ours.includes(name))
  if (unknown.length > 0) return { is: 'newer', names: unknown }
  const missing = ours.filter((name) => !theirs.includes(name))
  if (missing.length === 0) return { is: 'current', names: [] }
  return { is: theirs.length === 0 ? 'none' : 'older', names: missing }
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
        dir: FOLDER,
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
