/** What the queue says of itself, for people who ask from another terminal. */
import { UserError } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import { openQueues } from './queues.ts'

export interface QueueStanding {
  kind: 'postgres' | 'redis'
  /** by kind and state; null where it cannot be asked */
  jobs: Record<string, Record<string, number>> | null
  problem: string | null
}

export async function queueStanding(
  redisUrl: string | undefined,
  databaseUrl: string,
  log: Log,
): Promise<QueueStanding> {
  const kind = redisUrl === undefined ? 'postgres' : 'redis'
  try {
    await using queues = await openQueues({ redisUrl, databaseUrl, migrate: false, log })
    return { kind, jobs: await queues.counts(), problem: null }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { kind, jobs: null, problem: error.message }
  }
}
