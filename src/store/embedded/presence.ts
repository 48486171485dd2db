/** What a process does through its own connection to the embedded server: be counted, make a database, let readers in. */
import { createHmac } from 'node:crypto'
import pg from 'pg'
import { UserError } from '../../errors.ts'
import { isSqlState } from '../unreachable.ts'
import { PRESENCE } from './dial.ts'
import type { Home } from './home.ts'
import { stopServer } from './postmaster.ts'

export async function ensureDatabase(presence: pg.Client, database: string): Promise<void> {
  const { rowCount } = await presence.query('select from pg_database where datname = $1', [database])
  if (rowCount !== 0) return
  // left to everybody, in these the readers of ours could store what they like
  await presence.query('revoke connect on database postgres, template1 from public')
  await presence.query(`create database ${pg.escapeIdentifier(database)}`)
}

/** Ends the connection, and the server with it when no other process is present. The caller holds the lock. */
export async function leave(home: Home, presence: pg.Client): Promise<void> {
  // A closed connection is listed for a moment longer: who leaves takes the name off first, and never waits to be gone.
  const others = await presence
    .query(`set application_name = 'metalgap leaving'`)
    .then(() => presence.query('select from pg_stat_activity where application_name = $1', [PRESENCE]))
    .then(({ rowCount }) => rowCount)
    .catch(() => 0)
  await presence.end().catch(() => {})
  if (others === 0) await stopServer(home)
}

/** Sets the password of metalgap_reader, derived from the superuser's; answers with it. */
export async function allowReader(presence: pg.Client, secret: string): Promise<string> {
  const derived = createHmac('sha256', secret).update('metalgap_reader').digest('base64url')
  try {
    // where it fails the server would write it down, password and all
    await presence.query(
      `set local log_min_error_statement = panic; alter role metalgap_reader login password '${derived}'`,
    )
  } catch (error) {
    if (isSqlState(error, ['42704']))
      throw new UserError('The database is not migrated yet: run metalgap migrate.', 69)
    if (!isSqlState(error, ['XX000'])) throw error // "tuple concurrently updated": another process sets the same
  }
  return derived
}
