import type { SeriesMemory } from '../engine/plausibility.ts'
import type { Transaction } from './database.ts'

/** What plausibility remembers, by series. */
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
