/** Ends a breach that no observation will end. */
import type { Message } from '../channels/channel.ts'
import type { Client } from './database.ts'

export interface ClosedBreach {
  breach_id: string
  sequence: number
  severity: string
  reason: string
  /** the last thing that was told of it, and to whom; null when nobody was told */
  last_message: Message | null
  channels: string[]
}

/** Writes the last transition of the open breach of a rule; null when there is none. */
export async function closeBreach(
  client: Client,
  of: { pair: string; rule: string; reason: string; now: Date },
): Promise<ClosedBreach | null> {
  const { rows } = await client.query<{ breach_id: string; sequence: number; severity: string }>(
    `with closed as (
       update metalgap.breaches set state = 'cleared', cleared_at = $3
       where pair = $1 and rule = $2 and cleared_at is null returning breach_id, value
     ), past as (
       select transition.breach_id, max(sequence) + 1 as sequence,
         (array_agg(severity order by array_position(array['info', 'warning', 'critical'], severity) desc))[1] as severity
       from metalgap.transitions transition join closed using (breach_id) group by transition.breach_id
     )
     insert into metalgap.transitions (breach_id, sequence, kind, time, seen_at, severity, value, reason)
     select breach_id, sequence, 'cleared', $3, $3, severity, value, $4 from closed join past using (breach_id)
     returning breach_id, sequence, severity`,
    [of.pair, of.rule, of.now, of.reason],
  )
  const closed = rows[0]
  if (closed === undefined) return null
  return { ...closed, reason: of.reason, ...(await toldOf(client, closed.breach_id)) }
}

async function toldOf(
  client: Client,
  breach_id: string,
): Promise<Pick<ClosedBreach, 'last_message' | 'channels'>> {
  const { rows } = await client.query<{ channel: string; message: Message }>(
    `select channel, message from metalgap.deliveries
     where breach_id = $1 and state <> 'shadow' order by sequence desc`,
    [breach_id],
  )
  return { last_message: rows[0]?.message ?? null, channels: [...new Set(rows.map((row) => row.channel))] }
}
