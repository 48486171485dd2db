/** Acknowledged: somebody knows, and wants no reminders until it escalates. */
import type { Message } from '../channels/channel.ts'
import type { Client, Transaction } from './database.ts'

export interface Acknowledgement {
  breach_id: string
  pair: string
  rule: string
  severity: string
  cleared_at: Date | null
  acknowledged_at: Date | null
  acknowledged_by: string | null
}

/** Acknowledges an open breach; answers with how it was before, null where there is no such breach. */
export async function acknowledge(
  client: Client,
  of: { breach_id: string; who: string; text: string | null; now: Date },
): Promise<Acknowledgement | null> {
  const { rows } = await client.query<Acknowledgement>(
    `with before as (
       select breach_id, pair, rule, severity, cleared_at, acknowledged_at, acknowledged_by
       from metalgap.breaches where breach_id = $1 for update
     ), done as (
       update metalgap.breaches set acknowledged_at = $2, acknowledged_by = $3, acknowledgement = $4
       where breach_id = $1 and cleared_at is null
     )
     select * from before`,
    [of.breach_id, of.now, of.who, of.text],
  )
  return rows[0] ?? null
}

interface LastTold {
  channel: string
  severity: string
  message: Message
  /** how often it was told that somebody has acknowledged the breach */
  times: number
}

/** The last message of a breach that each channel has taken. */
export async function lastTold(client: Client, breach_id: string): Promise<LastTold[]> {
  const { rows } = await client.query<LastTold>(
    `select distinct on (channel) channel, severity, message,
       (select count(*) from metalgap.deliveries told
        where told.subject = 'acknowledged:' || d.subject and told.channel = d.channel) as times
     from metalgap.deliveries d where subject = $1 and state = 'delivered'
     order by channel, sequence desc`,
    [breach_id],
  )
  return rows
}

/** Who has acknowledged a breach; null when nobody has. */
export async function acknowledgedBy(client: Client, breach_id: string): Promise<string | null> {
  const { rows } = await client.query<{ acknowledged_by: string | null }>(
    'select acknowledged_by from metalgap.breaches where breach_id = $1',
    [breach_id],
  )
  return rows[0]?.acknowledged_by ?? null
}

/** A breach that escalates is news to whoever acknowledged what it was. */
export function endAcknowledgement(client: Transaction, breach_id: string): void {
  client.send(
    `update metalgap.breaches set acknowledged_at = null, acknowledged_by = null, acknowledgement = null
     where breach_id = $1 and acknowledged_at is not null`,
    [breach_id],
  )
}
