/** What a correction does to a breach that was told: whom it concerns, and what its record says from then on. */
import type { Transition } from '../engine/model.ts'
import type { Client, Transaction } from './database.ts'

/** By breach the channels that were told of it, silenced ones included. */
export async function channelsTold(
  client: Client,
  breach_ids: readonly string[],
): Promise<Map<string, string[]>> {
  if (breach_ids.length === 0) return new Map()
  const { rows } = await client.query<{ breach_id: string; channels: string[] }>(
    `select breach_id, array_agg(distinct channel order by channel) as channels from metalgap.deliveries
     where breach_id = any($1) and state <> 'shadow' group by breach_id`,
    [breach_ids],
  )
  return new Map(rows.map(({ breach_id, channels }) => [breach_id, channels]))
}

/** A breach that goes on began and was raised where the corrected observations say. */
export function correctBreach(
  client: Transaction,
  breach_id: string,
  { began_at, raised_at }: Pick<Transition, 'began_at' | 'raised_at'>,
): void {
  client.send('update metalgap.breaches set began_at = $2, raised_at = $3 where breach_id = $1', [
    breach_id,
    new Date(began_at),
    new Date(raised_at),
  ])
}
