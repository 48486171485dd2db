/** Connections for the queue that lives in Postgres: a pool of its own, whose unqualified names mean schema `bullmq`. */
import pg from 'pg'

export const QUEUE_SCHEMA = 'bullmq'

/**
 * Commits do not wait for the disk: a queue that is lost delays work and loses nothing. Each worker keeps one connection
 * to itself for LISTEN. What waits longer than five seconds for a connection fails, so that a producer hears of a
 * database that is gone.
 */
export function openQueuePool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${QUEUE_SCHEMA} -c synchronous_commit=off`,
    application_name: 'metalgap queue',
    max: 20,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  })
  // A connection that breaks while somebody holds it (a migration, LISTEN) fails what runs on it; without a listener of
  // its own it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  // every queue and worker adds a listener for errors of the pool
  pool.setMaxListeners(50)
  return pool
}
