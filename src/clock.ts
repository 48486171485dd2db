/**
 * Leases, due times and schedules compare what several processes read from their clocks. Each holds its own against the
 * database's, which they share.
 */
import { databaseClock } from './store/clock.ts'
import type { Client } from './store/database.ts'

/** Leases leave room for more; it is said before it matters. */
const NOTED_MS = 2_000
const HARMS_MS = 30_000

export interface Skew {
  /** how far this clock is ahead of the database's, negative where it is behind: at least so much */
  ms: number
  /** off: worth a look; wrong: leases may be taken from who holds them, and prices seem older or younger than they are */
  is: 'fine' | 'off' | 'wrong'
  /** a sentence of it */
  text: string
}

export async function clockSkew(database: Client, now: () => Date): Promise<Skew> {
  const asked = now()
  const clock = await databaseClock(database)
  return skewBetween(clock, asked, now())
}

/** Nobody knows when the server looked between question and answer: what lies in between is no skew. */
export function skewBetween(clock: Date, asked: Date, answered: Date): Skew {
  const ahead = Math.max(asked.getTime() - clock.getTime(), 0)
  const behind = Math.max(clock.getTime() - answered.getTime(), 0)
  const by = Math.max(ahead, behind)
  return {
    ms: ahead - behind,
    is: by > HARMS_MS ? 'wrong' : by > NOTED_MS ? 'off' : 'fine',
    text: `this machine's clock is ${by / 1000} s ${behind > 0 ? 'behind' : 'ahead of'} the database's`,
  }
}
