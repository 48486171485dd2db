/** What doctor asks of the server behind a url. */
import pg from 'pg'
import type { Client } from './database.ts'
import { readableError } from './unreachable.ts'

export interface ServerFacts {
  /** '18.1' */
  version: string
  /** 180001 */
  version_number: number
  /** whether who reads the views could store large objects: Postgres lets everybody, and a superuser alone can end it */
  reader_may_store: boolean
  /** settings of its role that nobody made or that somebody lifted, `name=value` as migrations would have made them */
  reader_lacks: string[]
}

const READER_SETTINGS = ['statement_timeout=30s', 'default_transaction_read_only=on', 'search_path=reporting']

export async function serverFacts(client: Client): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as version_number,
       coalesce((select has_function_privilege(oid, 'lo_create(oid)', 'execute') from pg_roles
         where rolname = 'metalgap_reader'), false) as reader_may_store,
       array(select wanted from unnest($1::text[]) as wanted where coalesce((
         select made ~ '=(0[a-z]*|off|false|no)$' from pg_db_role_setting, unnest(setconfig) as made
         where setrole = to_regrole('metalgap_reader')
           and setdatabase in (0, (select oid from pg_database where datname = current_database()))
           and split_part(made, '=', 1) = split_part(wanted, '=', 1)
         order by setdatabase desc limit 1 -- that of this database counts before that of all
       ), true)) as reader_lacks`,
    [READER_SETTINGS],
  )
  return rows[0] as ServerFacts
}

const CHANNEL = 'metalgap_doctor'
const PATIENCE_MS = 3_000

/**
 * Whether a NOTIFY reaches who listens: through PgBouncer in transaction mode it does not, and the queue would only
 * hear of jobs when it looks by itself.
 */
export async function hearsNotifications(url: string): Promise<boolean> {
  const [listener, teller] = [newClient(url), newClient(url)]
  try {
    await Promise.all([listener.connect(), teller.connect()])
    const { promise: heard, resolve } = Promise.withResolvers<boolean>()
    listener.once('notification', () => resolve(true))
    await listener.query(`listen ${CHANNEL}`)
    await teller.query(`notify ${CHANNEL}`)
    const timer = setTimeout(() => resolve(false), PATIENCE_MS)
    return await heard.finally(() => clearTimeout(timer))
  } catch (error) {
    throw readableError(error, url)
  } finally {
    await Promise.allSettled([listener.end(), teller.end()])
  }
}

function newClient(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'metalgap doctor',
  })
  client.on('error', () => {})
  return client
}
