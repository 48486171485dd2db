/** What is sent again by hand, under its own id. */
import type { Client } from './database.ts'

/** Null or empty lets everything through. */
export interface RedeliveryWish {
  ids: readonly string[]
  channel: string | null
  since: Date | null
  until: Date | null
  states: readonly ('dead' | 'delivered')[]
}

export interface Redelivery {
  time: Date
  channel: string
  type: string
  sequence: number
  breach_id: string | null
  state: 'dead' | 'delivered'
  attempts: number
  last_error: string | null
  delivery_id: string
}

const WISHED = `(cardinality($1::uuid[]) = 0 or delivery_id = any($1))
  and ($2::text is null or channel = $2)
  and ($3::timestamptz is null or created_at >= $3)
  and ($4::timestamptz is null or created_at < $4)
  and state = any($5::text[])`

const COLUMNS =
  'created_at as time, channel, type, sequence, breach_id, state, attempts, last_error, delivery_id'

/** What a wish means, oldest first; nothing is changed. */
export async function redeliverable(client: Client, wish: RedeliveryWish): Promise<Redelivery[]> {
  const { rows } = await client.query<Redelivery>(
    `select ${COLUMNS} from metalgap.deliveries where ${WISHED} order by created_at, subject, sequence`,
    valuesOf(wish),
  )
  return rows
}

/**
 * Makes it due at once, with a schedule of its own; one that was delivered says that it may be a repeat. Answers with
 * what it was before, oldest first.
 */
export async function redeliver(client: Client, wish: RedeliveryWish, now: Date): Promise<Redelivery[]> {
  const { rows } = await client.query<Redelivery>(
    `with wished as (
       select * from metalgap.deliveries where ${WISHED} for update
     ), again as (
       update metalgap.deliveries d
       set state = 'pending', next_attempt_at = $6, finished_at = null, covered_by = null,
         schedule_from = d.attempts, maybe_repeated = d.maybe_repeated or d.state = 'delivered'
       from wished where d.delivery_id = wished.delivery_id
     )
     select ${COLUMNS} from wished order by created_at, subject, sequence`,
    [...valuesOf(wish), now],
  )
  return rows
}

function valuesOf({ ids, channel, since, until, states }: RedeliveryWish): unknown[] {
  return [ids, channel, since, until, states]
}
