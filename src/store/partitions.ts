/** Ticks lie in one partition a month; a tick of a month without one cannot be stored. */
import type { Client } from './database.ts'

/** Makes the partitions from the month of `first` to that of `last`; does nothing where they exist. */
export async function ensureTickPartitions(client: Client, first: Date, last: Date): Promise<void> {
  await client.query({ name: 'partitions.ensure', text: 'select metalgap.ensure_tick_partitions($1, $2)' }, [
    first,
    last,
  ])
}
