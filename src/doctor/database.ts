/** The database: reachable, new enough, migrated, with a clock like ours, and not behind a pooler that swallows news. */
import { clockSkew, type Skew } from '../clock.ts'
import type { Database } from '../store/database.ts'
import { schemaState } from '../store/schema-state.ts'
import { hearsNotifications, type ServerFacts, serverFacts } from '../store/server-facts.ts'
import { databaseName } from '../store/unreachable.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const OLDEST = 140_000

const REVOKE =
  'revoke execute on function lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) from public;'

export async function checkDatabase(
  database: Database,
  now: () => Date,
  queueIsHere: boolean,
): Promise<Finding[]> {
  const facts = await serverFacts(database)
  const { version, version_number } = facts
  const found = `${databaseName(database.url)}, Postgres ${version}`
  return [
    version_number >= OLDEST ? ok('database', found) : fail('database', found, 'Use Postgres 14 or newer.'),
    await checkSchema(database),
    checkClock(await clockSkew(database, now)),
    checkReader(facts),
    ...(queueIsHere ? [await checkListen(database.url)] : []),
  ]
}

async function checkSchema(database: Database): Promise<Finding> {
  const { is, names } = await schemaState(database)
  if (is === 'current') return ok('migrations', 'current')
  const found = `${is}: ${names.join(', ')}`
  return is === 'newer'
    ? fail('migrations', found, 'The database was migrated by a newer version: use that one.')
    : fail('migrations', found, 'Run: metalgap migrate')
}

/** Its role belongs to the whole server: where a superuser made it, migrations may not have been allowed to set it up. */
export function checkReader({
  reader_may_store,
  reader_lacks,
}: Pick<ServerFacts, 'reader_may_store' | 'reader_lacks'>): Finding {
  if (!reader_may_store && reader_lacks.length === 0)
    return ok('reader', 'metalgap_reader reads the views and nothing else, for 30 s at most')
  const lacks = reader_lacks.length > 0 ? [`metalgap_reader is without ${reader_lacks.join(', ')}`] : []
  const may = reader_may_store ? ['metalgap_reader may store large objects, as everybody may'] : []
  const settings = reader_lacks.map((setting) => {
    const [name, value] = setting.split('=')
    return `alter role metalgap_reader set ${name} = '${value}';`
  })
  const revoke = reader_may_store ? [REVOKE] : []
  return warn(
    'reader',
    [...lacks, ...may].join('; '),
    `As a superuser run in this database: ${[...settings, ...revoke].join(' ')}`,
  )
}

function checkClock({ is, text }: Skew): Finding {
  if (is === 'fine') return ok('clock', text)
  const found = is === 'wrong' ? fail : warn
  return found('clock', text, 'Set both clocks by NTP: metalgap start refuses more than 30 s.')
}

async function checkListen(url: string): Promise<Finding> {
  if (await hearsNotifications(url)) return ok('listen', 'notifications arrive')
  return fail(
    'listen',
    'a NOTIFY does not reach who listens: PgBouncer in transaction mode?',
    'Point DATABASE_URL at Postgres itself or at a pool in session mode, or give the queue a Redis (REDIS_URL).',
  )
}
