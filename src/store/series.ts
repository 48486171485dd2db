import type { SeriesMemory } from '../engine/plausibility.ts'
import type { Client } from './database.ts'

/** What plausibility remembers, by series. */
export async function saveMemories(client: Client, memories: Record<string, SeriesMemory>): Promise<void> {
  const rows = Object.entries(memories).map(([series, state]) => ({ series, state }))
  if (rows.length === 0) return
  await client.query(SAVE, [JSON.stringify(rows)])
}

const SAVE = {
  name: 'save-memories',
  text: `update metalgap.series set state = memory.state
    from jsonb_to_recordset($1) as memory (series text, state jsonb) where series.series = memory.series`,
}
