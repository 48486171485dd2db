/** What mute windows have kept, until they are over. */
import type { Client } from './database.ts'

/** Of what is due: the channels and rules whose windows may hold still, or again. */
export async function dueMuted(client: Client, now: Date): Promise<{ channel: string; rule: string }[]> {
  const { rows } = await client.query<{ channel: string; rule: string }>(
    `select distinct channel, rule from metalgap.deliveries join metalgap.breaches using (breach_id)
     where deliveries.state = 'silenced' and summed_at is null and silenced_until <= $1`,
    [now],
  )
  return rows
}

/** Another window goes on where one has ended. */
export async function postponeMuted(
  client: Client,
  { channel, rule, now, until }: { channel: string; rule: string; now: Date; until: Date },
): Promise<void> {
  await client.query(
    `update metalgap.deliveries d set silenced_until = $4 from metalgap.breaches b
     where b.breach_id = d.breach_id and channel = $1 and rule = $2
       and d.state = 'silenced' and summed_at is null and silenced_until <= $3`,
    [channel, rule, now, until],
  )
}

/** What a silence has kept that ends within a mute window: the end of the window sums it up. */
export async function leaveToMute(
  client: Client,
  { breach_id, channel, until }: { breach_id: string; channel: string; until: Date },
): Promise<void> {
  await client.query(
    `update metalgap.deliveries set silenced_until = $3, summed_at = null
     where breach_id = $1 and channel = $2 and state = 'silenced' and covered_by is null
       and (silence_id is not null or silenced_until is not null)`,
    [breach_id, channel, until],
  )
}

/** What a mute window has kept from a channel, once it is over: taken once, by whoever comes first. */
export async function takeMuted(
  client: Client,
  now: Date,
): Promise<{ channel: string; breach_id: string; silenced: string }[]> {
  const { rows } = await client.query<{ channel: string; breach_id: string; silenced: string }>(
    `update metalgap.deliveries set summed_at = $1
     where state = 'silenced' and summed_at is null and silenced_until <= $1
     returning channel, breach_id, silenced`,
    [now],
  )
  return rows
}
