/** Somebody vouches for a price that jumped, which repetition alone may not make believable. */
import type { SeriesMemory } from './engine/plausibility.ts'
import type { Database } from './store/database.ts'
import { lockMemories, saveMemories } from './store/series.ts'

/** Prices are text, as everywhere outside the engine. */
export interface Accepted {
  series: string
  price: string
  /** the last one that was believed before */
  before: string
}

/**
 * The price that waits becomes the last good one of its series, from which moves are measured: the next poll that
 * brings it, or one near it, is believed. A premium that it makes is judged as ever. `wanted` is a series or a feed.
 */
export async function acceptWaiting(database: Database, wanted: string): Promise<Accepted[]> {
  const [feed = ''] = wanted.split('/')
  return database.transaction(async (client) => {
    const meant = (await lockMemories(client, feed)).filter(({ series }) => [series, feed].includes(wanted))
    const accepted = meant.flatMap(({ series, state }) => accept(series, state))
    saveMemories(client, Object.fromEntries(accepted.map(({ series, memory }) => [series, memory])))
    return accepted.map(({ memory: _, ...shown }) => shown)
  })
}

function accept(series: string, memory: SeriesMemory | null): (Accepted & { memory: SeriesMemory })[] {
  if (!memory?.good || !memory.candidate) return []
  const { good, candidate } = memory
  const shown = { series, price: String(candidate.price), before: String(good.price) }
  return [{ ...shown, memory: { good: { ...good, price: candidate.price }, candidate: null } }]
}
