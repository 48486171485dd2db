/** The queue in Postgres: schema `bullmq`, one pool for everything, one LISTEN connection a worker. */
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  type PgPool,
  Queue,
  runMigrations,
  Worker,
} from 'bullmq'
import { UserError } from '../src/errors.ts'
import { openQueuePool, QUEUE_SCHEMA } from '../src/store/queue-pool.ts'
import { readableError } from '../src/store/unreachable.ts'
import type { Backend } from './backend.ts'

/** Throws a UserError (69) when the database cannot be reached, (1) when `migrate` is false and the schema is old. */
export async function openPostgresBackend(url: string, migrate: boolean): Promise<Backend> {
  // the same thing; the two packages only overload `query` in another order
  const pool = openQueuePool(url) as PgPool
  const restore = async () => {
    const client = await pool.connect()
    try {
      await runMigrations(client, QUEUE_SCHEMA)
    } finally {
      client.release()
    }
  }
  try {
    if (migrate) await restore()
    else await assertSchemaCompatibility(pool, QUEUE_SCHEMA)
  } catch (error) {
    await pool.end()
    if (migrate) throw readableError(error, url)
    throw new UserError(
      `The queue's schema is not ready (${(error as Error).message}). Run: metalgap migrate`,
    )
  }
  return {
    kind: 'postgres',
    // by age only: a count makes every completion look at all rows that are kept (141 jobs a second instead of 500)
    keep: { age: 900 },
    openQueue: (name) => new Queue(name, { connection: pool }, createPostgresBackend),
    openWorker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: pool }, createPostgresBackend),
    restore,
    close: () => pool.end(),
  }
}
