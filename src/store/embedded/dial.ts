/** A connection to the server of a cluster, and to no other server that may listen on its port. */
import pg from 'pg'
import { UserError } from '../../errors.ts'
import { isSqlState } from '../unreachable.ts'
import { password, SUPERUSER } from './cluster.ts'
import type { Home } from './home.ts'
import { isServerOf, readPidFile } from './traces.ts'

/** every process that uses the server holds one connection of this name while it does */
export const PRESENCE = 'metalgap presence'

/** null unless the server knows our password and lies on our cluster */
export async function dial(home: Home, port: number): Promise<pg.Client | null> {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port, user: SUPERUSER, password: password(home), database: 'postgres' },
    ...{ ssl: false, application_name: PRESENCE, connectionTimeoutMillis: 5_000, keepAlive: true },
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    if (rows[0]?.data_directory === home.cluster) return client
  } catch (error) {
    const ours = isServerOf(home.cluster, readPidFile(home.cluster)?.pid)
    if (ours && isSqlState(error, ['28P01'])) throw wrongPassword(home)
  }
  await client.end().catch(() => {})
  return null
}

function wrongPassword(home: Home): UserError {
  return new UserError(
    `The database server refuses the password in ${home.folder}/password. Put the right one there, or choose another METALGAP_DATA.`,
    69,
  )
}
