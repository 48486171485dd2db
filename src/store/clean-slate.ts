/** An empty database for a demo that begins from nothing: only ever for a database of its own. */
import type { Client } from './database.ts'
import { QUEUE_SCHEMA } from './queue-pool.ts'

/** Drops everything of ours; false, and nothing is dropped, while another process works with this database. */
export async function cleanSlate(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name like 'metalgap%'`,
  )
  if (rows.length > 0) return false
  await client.query(`drop schema if exists metalgap, reporting, ${QUEUE_SCHEMA} cascade`)
  return true
}
