/** A chat that is told too much reads nothing: beyond a budget, what is not critical waits and is told as one digest. */
import type { Client } from '../store/database.ts'
import { messagesSince } from '../store/told.ts'

/** Messages to one channel; the longer windows keep a storm that goes on from filling every short one. */
export const BUDGET = [
  { most: 10, in_ms: 60_000 },
  { most: 30, in_ms: 10 * 60_000 },
  { most: 90, in_ms: 60 * 60_000 },
]

/** Has the channel been told as much as it should be, in any of the windows? */
export async function isStorm(client: Client, channel: string, now: Date): Promise<boolean> {
  const since = BUDGET.map(({ in_ms }) => new Date(now.getTime() - in_ms))
  const told = await messagesSince(client, channel, since)
  return BUDGET.some(({ most }, i) => (told[i] ?? 0) >= most)
}
