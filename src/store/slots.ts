/** Which slot of each feed was polled last, whatever came of it. */
import type { Client } from './database.ts'

export async function lastSlots(client: Client): Promise<Map<string, Date>> {
  const { rows } = await client.query<{ feed: string; slot: Date }>({
    name: 'last-slots',
    text: 'select feed, last_slot as slot from metalgap.feeds where last_slot is not null',
  })
  return new Map(rows.map(({ feed, slot }) => [feed, slot]))
}
