/** What is to be told, and what became of it. */
import type { Message } from '../channels/channel.ts'
import type { Claimed } from './claims.ts'
import type { Client } from './database.ts'
import { inTurn } from './in-turn.ts'

export interface NewDelivery {
  delivery_id: string
  channel: string
  /** deliveries of one subject and channel go out in the order of their sequence */
  subject: string
  sequence: number
  breach_id: string | null
  type: string
  severity: string
  message: Message
  /** the exact bytes of every attempt; null: rendered at the first */
  body: string | null
  state: 'pending' | 'shadow' | 'silenced'
  /** when it was written and is first due */
  at: Date
}

/** Why a delivery is written and not sent. */
export interface Silenced {
  silenced: string
  silence_id: number | null
  /** when a mute window ends and a summary is due; null where none keeps it */
  silenced_until: Date | null
}

/** What a worker needs to know to deliver it, and when. */
export interface Due {
  delivery_id: string
  channel: string
  at: Date
  /** overtakes what waits for the same host */
  urgent?: boolean
  /** this process has it already: claimed where it was written */
  claimed?: Claimed
}

/** Inside the transaction of what it tells. One that exists already is left alone; answers with what is now due. */
export async function insertDeliveries(
  client: Client,
  rows: readonly (NewDelivery & Partial<Silenced>)[],
): Promise<Due[]> {
  if (rows.length === 0) return []
  const written = await client.query<Due>(INSERT, [JSON.stringify(rows, storable)])
  return written.rows.filter(({ at }) => at !== null)
}

const INSERT = {
  name: 'insert-deliveries',
  text: `
    insert into metalgap.deliveries
      (delivery_id, channel, subject, sequence, breach_id, type, severity, message, body, state, created_at, next_attempt_at,
       silenced, silence_id, silenced_until)
    select delivery_id, channel, subject, sequence, breach_id, type, severity, message, body, state, at,
      case when state = 'pending' then at end, silenced, silence_id, silenced_until
    from json_to_recordset($1::json) as row(delivery_id uuid, channel text, subject text, sequence integer,
      breach_id uuid, type text, severity text, message jsonb, body text, state text, at timestamptz, silenced text,
      silence_id bigint, silenced_until timestamptz)
    on conflict (subject, sequence, channel) do nothing
    returning delivery_id, channel, next_attempt_at as at, severity = 'critical' as urgent`,
}

/** jsonb holds neither NUL nor half a surrogate pair. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value
}

/** The stable body, rendered late; a replica that was faster wins. */
export async function keepBody(client: Client, delivery_id: string, body: string): Promise<string> {
  const { rows } = await client.query<{ body: string }>(
    'update metalgap.deliveries set body = coalesce(body, $2) where delivery_id = $1 returning body',
    [delivery_id, body],
  )
  return rows[0]?.body ?? body
}

export async function channelOf(client: Client, delivery_id: string): Promise<string | null> {
  const { rows } = await client.query<{ channel: string }>(
    'select channel from metalgap.deliveries where delivery_id = $1',
    [delivery_id],
  )
  return rows[0]?.channel ?? null
}

/** Of one channel in one sweep: a channel that is far behind must not keep the others out of it. */
const MOST_OF_A_CHANNEL = 50

/** What may be attempted now, most urgent first: for the sweep. */
export async function dueDeliveries(client: Client, now: Date, limit: number): Promise<Due[]> {
  const { rows } = await client.query<Due>(
    `select due.delivery_id, c.channel, due.at, due.urgent
     from metalgap.channels c cross join lateral (
       select d.delivery_id, d.next_attempt_at as at, d.severity = 'critical' as urgent
       from metalgap.deliveries d
       where d.channel = c.channel and d.state = 'pending' and d.next_attempt_at <= $1
         and (d.leased_until is null or d.leased_until <= $1)
         and ${inTurn('d')}
       order by urgent desc, at
       limit $3
     ) due
     where c.disabled_at is null and (c.paused_until is null or c.paused_until <= $1)
     order by due.urgent desc, due.at
     limit $2`,
    [now, limit, MOST_OF_A_CHANNEL],
  )
  return rows
}

export interface DeliveryOutcome {
  state: 'pending' | 'delivered' | 'dead'
  attempts: number
  last_status: number | null
  last_error: string | null
  next_attempt_at: Date | null
}

/** Where a delivery stands. Throws when there is none of this id. */
export async function deliveryOutcome(client: Client, delivery_id: string): Promise<DeliveryOutcome> {
  const { rows } = await client.query<DeliveryOutcome>(
    'select state, attempts, last_status, last_error, next_attempt_at from metalgap.deliveries where delivery_id = $1',
    [delivery_id],
  )
  if (rows[0] === undefined) throw new Error(`no delivery ${delivery_id}`)
  return rows[0]
}
