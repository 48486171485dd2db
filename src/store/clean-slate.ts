/** An empty database for a demo that begins from nothing: only ever for a database of its own. */
import { UserError } from '../errors.ts'
import type { Client } from './database.ts'
import { QUEUE_SCHEMA } from './queue-pool.ts'

/** Drops everything of ours. Throws a UserError while another process works with this database. */
export async function cleanSlate(client: Client): Promise<void> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name like 'metalgap%'`,
  )
  if (rows.length > 0)
    throw new UserError('The demo is running already, or somebody is looking at it. End that first.')
  await client.query(`drop schema if exists metalgap, reporting, ${QUEUE_SCHEMA} cascade`)
}
