/** What plausibility remembers, by series. */
import type { SeriesMemory } from '../engine/plausibility.ts'
import type { Client, Transaction } from './database.ts'

export function saveMemories(client: Transaction, memories: Record<string, SeriesMemory>): void {
  const rows = Object.entries(memories).map(([series, state]) => ({ series, state }))
  if (rows.length === 0) return
  client.send(SAVE, [JSON.stringify(rows)])
}

const SAVE = {
  name: 'save-memories',
  text: `update metalgap.series set state = memory.state
    from jsonb_to_recordset($1) as memory (series text, state jsonb) where series.series = memory.series`,
}

/** Of a feed's series; polls of the feed wait until the transaction ends. */
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
