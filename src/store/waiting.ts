/** Prices that jumped and wait for somebody to believe them. */
import type { SeriesMemory } from '../engine/plausibility.ts'
import type { Client } from './database.ts'

/** What plausibility remembers of a feed's series, by series; polls of the feed wait until the transaction ends. */
export async function lockMemories(
  client: Client,
  feed: string,
): Promise<{ series: string; state: SeriesMemory | null }[]> {
  await client.query('select from metalgap.feeds where feed = $1 for update', [feed])
  const { rows } = await client.query<{ series: string; state: SeriesMemory | null }>(
    'select series, state from metalgap.series where feed = $1 order by series',
    [feed],
  )
  return rows
}
