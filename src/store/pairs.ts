import type { Client, Transaction } from './database.ts'

export interface PairRow {
  pair: string
  /** the engine's dumped state; null before the first event */
  state: unknown
  /** by series: the last tick that was folded */
  folded: Record<string, number>
  /** set while the pair is left behind because the engine failed on it */
  last_error: string | null
}

/** Locks pairs until the end of the transaction, always in the same order. */
export async function lockPairs(client: Client, pairs: readonly string[]): Promise<PairRow[]> {
  const { rows } = await client.query<PairRow>(LOCK, [pairs])
  return rows
}

const LOCK = {
  name: 'lock-pairs',
  text: `select pair, state, folded, last_error from metalgap.pairs
    where pair = any($1) and enabled order by pair for update`,
}

export interface PairSave {
  pair: string
  /** JSON text of the engine's state */
  state: string
  folded: Record<string, number>
  next_clock_at: Date | null
  evaluated_at: Date
}

export function savePair(client: Transaction, row: PairSave): void {
  const { pair, state, folded, next_clock_at, evaluated_at } = row
  client.send(SAVE, [pair, state, JSON.stringify(folded), next_clock_at, evaluated_at])
}

const SAVE = {
  name: 'save-pair',
  text: `update metalgap.pairs
    set state = $2, folded = $3, next_clock_at = $4, evaluated_at = $5, last_error = null where pair = $1`,
}

/** The engine failed on this pair: its ticks are kept, and it is folded again later. */
export async function savePairError(client: Client, pair: string, error: string): Promise<void> {
  await client.query('update metalgap.pairs set last_error = $2 where pair = $1', [pair, error])
}

/** Pairs that were left behind, or that want to be told the time. */
export async function pairsToEvaluate(client: Client, now: Date): Promise<string[]> {
  const { rows } = await client.query<{ pair: string }>(
    'select pair from metalgap.pairs where enabled and (last_error is not null or next_clock_at <= $1) order by pair',
    [now],
  )
  return rows.map((row) => row.pair)
}

/** Pairs out of force of which a breach is open, or that read as if they were compared. */
export async function pairsToRetire(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ pair: string }>(
    `select pair from metalgap.pairs p where not enabled and (
       exists (select from metalgap.breaches b where b.pair = p.pair and cleared_at is null)
       or exists (select from metalgap.comparability c where c.pair = p.pair and until is null)) order by pair`,
  )
  return rows.map((row) => row.pair)
}

/** Locks a pair out of force, forgets where its rules stood and what it waits for; false when it is in force. */
export async function forgetRules(client: Client, pair: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update metalgap.pairs set state = state || '{"rules": {}, "cause": "", "stale_at": null, "session_at": null, "wake_at": null}'
     where pair = $1 and not enabled`,
    [pair],
  )
  return rowCount === 1
}
