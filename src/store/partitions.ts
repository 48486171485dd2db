/** Ticks lie in one partition a month; a tick of a month without one cannot be stored. */
import type { Client, Database } from './database.ts'

/** Makes the partitions from the month of `first` to that of `last`; does nothing where they exist. */
export async function ensureTickPartitions(client: Client, first: Date, last: Date): Promise<void> {
  await client.query({ name: 'ensure-partitions', text: 'select metalgap.ensure_tick_partitions($1, $2)' }, [
    first,
    last,
  ])
}

/** By database: months whose partition is known to exist, asked for once a process. */
const rooms = new Set<string>()

/** Partitions exist for months ahead; history from a source needs its own. */
export async function makeRoom(database: Database, instants: readonly Date[]): Promise<void> {
  const months = new Set(instants.map((at) => at.toISOString().slice(0, 7)))
  for (const month of months) {
    if (rooms.has(`${database.url} ${month}`)) continue
    const first = new Date(`${month}-01T00:00:00Z`)
    await ensureTickPartitions(database, first, first)
    rooms.add(`${database.url} ${month}`)
  }
}
