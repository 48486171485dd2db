/** A server that starts, or recovers from a crash, is waited for; one that stays so is told. */
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import type { Database } from './database.ts'
import { databaseName, isSqlState } from './unreachable.ts'

const STARTING = ['57P03']

export interface Patience {
  ms: number
  step_ms: number
}

/**
 * Returns once the server takes writes; `waiting` hears why not, once. Throws a UserError (69) when that takes too long,
 * and at once where the database cannot be reached at all.
 */
export async function untilReady(
  database: Pick<Database, 'query' | 'url'>,
  waiting: (why: string) => void,
  patience: Patience = { ms: 30_000, step_ms: 250 },
): Promise<void> {
  for (let waited = 0; ; waited += patience.step_ms) {
    const problem = await problemOf(database)
    if (problem === null) return
    if (waited === 0)
      waiting(`The database ${databaseName(database.url)} is not ready: ${problem}. Waiting for it.`)
    if (waited >= patience.ms) throw new UserError(told(database.url, problem, patience), 69)
    await sleep(patience.step_ms)
  }
}

function told(url: string, problem: string, { ms }: Patience): string {
  return (
    `The database ${databaseName(url)} is not ready after ${Math.round(ms / 1000)} s: ${problem}. ` +
    'Start again when it has recovered; if it is a standby, name the primary in DATABASE_URL.'
  )
}

async function problemOf(database: Pick<Database, 'query'>): Promise<string | null> {
  try {
    const { rows } = await database.query<{ recovers: boolean }>('select pg_is_in_recovery() as recovers')
    return rows[0]?.recovers ? 'it is in recovery and takes no writes' : null
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null
    if (cause instanceof Error && isSqlState(cause, STARTING)) return cause.message
    throw error
  }
}
