/** Where a replay of a pair may begin. Written while the pair is locked, so that its state and the last event agree. */
import type { Client } from './database.ts'

type Reason = 'catch-up' | 'verified' | 'before-correction' | 'correction'

export interface Checkpoint {
  checkpoint_id: number
  pair: string
  reason: 'configuration' | Reason
  configuration_id: number | null
  /** dumped; null before the first event */
  state: unknown
  told_id: number
  premium_id: number
  written_at: Date
}

/**
 * What the pair's state is now; the caller holds its lock and has written what it knows. `told_id` says which tick was told
 * last, where numbers were taken for more since.
 */
export async function saveCheckpoint(
  client: Client,
  pair: string,
  reason: Reason,
  told_id: number | null = null,
): Promise<void> {
  await client.query(
    `insert into metalgap.checkpoints ${COLUMNS}
     select pair, $2, configuration_id, state, coalesce($3, told), premium
     from metalgap.pairs, (select ${PLACE}) place where pair = $1`,
    [pair, reason, told_id],
  )
}

/** For every pair that another configuration than its last one evaluates from now on, and for those that were out of force. */
export async function checkpointPairs(
  client: Client,
  configuration_id: number,
  were_out: readonly string[],
): Promise<void> {
  await client.query(
    `insert into metalgap.checkpoints ${COLUMNS} select pair, 'configuration', $1, state, ${PLACE}
     from metalgap.pairs where enabled and (pair = any($2) or (
       select configuration_id from metalgap.checkpoints last
       where last.pair = pairs.pair order by checkpoint_id desc limit 1
     ) is distinct from $1)`,
    [configuration_id, were_out],
  )
}

const COLUMNS = '(pair, reason, configuration_id, state, told_id, premium_id)'
const PLACE = `
  (select case when is_called then last_value else 0 end from metalgap.ticks_tick_id_seq) as told,
  (select coalesce(max(premium_id), 0) from metalgap.premiums) as premium`

/** Those of a configuration, oldest first. */
export async function checkpointsOf(
  client: Client,
  pair: string,
  configuration_id: number,
): Promise<Checkpoint[]> {
  const { rows } = await client.query<Checkpoint>(
    'select * from metalgap.checkpoints where pair = $1 and configuration_id = $2 order by checkpoint_id',
    [pair, configuration_id],
  )
  return rows
}

/** When a check began last. */
export async function lastVerified(client: Client): Promise<Date | null> {
  const { rows } = await client.query<{ last: Date | null }>(
    "select max(written_at) as last from metalgap.checkpoints where reason = 'verified'",
  )
  return rows[0]?.last ?? null
}

/** The newest one before which everything was verified stays; a month of others too. */
export async function forgetCheckpoints(client: Client, before: Date): Promise<void> {
  await client.query(
    `delete from metalgap.checkpoints old where written_at < $1 and exists (
       select from metalgap.checkpoints newer
       where newer.pair = old.pair and newer.checkpoint_id > old.checkpoint_id and newer.reason = 'verified')`,
    [before],
  )
}

export interface StoredTransition {
  rule: string
  sequence: number
  kind: string
  time: Date
  severity: string
  value: string
  reason: string
  east_tick_id: number
  west_tick_id: number
  fx_tick_id: number | null
  /** what the record of its breach says */
  record_state: string
  record_severity: string
  record_value: string
  peak: string
  cleared_at: Date | null
  /** null where a correction has moved it since */
  raised_at: Date | null
}

export interface BreachRecord {
  rule: string
  state: string
  severity: string
  peak: string
}

/** What observations and corrections led to, between two checkpoints: rule by rule, in order. */
export async function transitionsBetween(
  client: Client,
  pair: string,
  after: number,
  until: number,
): Promise<StoredTransition[]> {
  const { rows } = await client.query<StoredTransition>(
    `select rule, sequence, kind, t.time, t.severity, t.value, t.reason, east_tick_id, west_tick_id, fx_tick_id,
       b.state as record_state, b.severity as record_severity, b.value as record_value,
       b.peak, b.cleared_at, case when exists (
         select from metalgap.transitions c where c.breach_id = b.breach_id and c.kind = 'changed'
       ) then null else b.raised_at end as raised_at
     from metalgap.transitions t
     join metalgap.breaches b using (breach_id)
     join metalgap.premiums p using (premium_id)
     where b.pair = $1 and t.premium_id > $2 and t.premium_id <= $3
       and kind <> 'reminder'
     order by rule collate "C", t.premium_id, sequence`,
    [pair, after, until],
  )
  return rows
}

/** Of the breaches that are open. */
export async function openRecords(client: Client, pair: string): Promise<BreachRecord[]> {
  const { rows } = await client.query<BreachRecord>(
    'select rule, state, severity, peak from metalgap.breaches where pair = $1 and cleared_at is null',
    [pair],
  )
  return rows
}
