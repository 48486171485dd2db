/** Where the schema of a database is, beside the migrations of this program. */
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Client } from './database.ts'

export const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url))

/** Names of migrations that are missing in the database (`older`) or unknown to this program (`newer`). */
export interface SchemaState {
  is: 'none' | 'older' | 'current' | 'newer'
  names: string[]
}

export async function schemaState(client: Client): Promise<SchemaState> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql'))
  const ours = files.map((file) => file.slice(0, -4)).sort()
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
