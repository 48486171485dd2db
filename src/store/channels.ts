/** The destinations: which are held, and until when. */
import type { Client } from './database.ts'

const REMOVED = 'not in channels.yaml'

/**
 * Makes the table say what the configuration says. A channel that is no longer configured is held, its deliveries
 * with it; it goes on when it is configured again.
 */
export async function saveChannels(
  client: Client,
  channels: readonly { channel: string; kind: string }[],
): Promise<void> {
  await client.query(
    `with configured as (
       select * from json_to_recordset($1::json) as row(channel text, kind text)
     ), removed as (
       update metalgap.channels set disabled_at = now(), disabled_reason = $2
       where disabled_at is null and channel not in (select channel from configured)
     )
     insert into metalgap.channels (channel, kind) select channel, kind from configured
     on conflict (channel) do update
     set kind = excluded.kind,
       disabled_at = case when channels.disabled_reason = $2 then null else channels.disabled_at end,
       disabled_reason = nullif(channels.disabled_reason, $2)`,
    [JSON.stringify(channels.map(({ channel, kind }) => ({ channel, kind }))), REMOVED],
  )
}

/** Ends a hold or a pause. False when there is no such channel. */
export async function enableChannel(client: Client, channel: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update metalgap.channels set disabled_at = null, disabled_reason = null, paused_until = null
     where channel = $1`,
    [channel],
  )
  return rowCount === 1
}

export interface ChannelState {
  channel: string
  kind: string
  disabled_at: Date | null
  disabled_reason: string | null
  paused_until: Date | null
  /** deliveries that wait */
  pending: number
}

export async function channelStates(client: Client): Promise<ChannelState[]> {
  const { rows } = await client.query<ChannelState>(
    `select channel, kind, disabled_at, disabled_reason, paused_until,
       (select count(*) from metalgap.deliveries d where d.channel = c.channel and d.state = 'pending') as pending
     from metalgap.channels c order by channel`,
  )
  return rows
}

/** Those that were configured a moment ago may not be in the table yet; what is there is left as it is. */
export async function ensureChannels(
  client: Client,
  channels: readonly { channel: string; kind: string }[],
): Promise<void> {
  await client.query(
    `insert into metalgap.channels (channel, kind)
     select channel, kind from json_to_recordset($1::json) as row(channel text, kind text)
     on conflict (channel) do nothing`,
    [JSON.stringify(channels.map(({ channel, kind }) => ({ channel, kind })))],
  )
}
