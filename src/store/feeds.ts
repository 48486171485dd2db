import type { Health, Said } from '../engine/feed-health.ts'
import type { Client, Transaction } from './database.ts'

export interface FeedNow {
  feed: string
  slot: Date
  now: Date
  failures_in_row: number
  last_error: string | null
  last_error_kind: 'failed' | 'not_understood' | null
  /** the source's time of the newest tick that this poll brought */
  newest_tick_at: Date | null
  pages: Record<string, { hash: string; fetch_id: number }>
  health: Health
  said: Record<string, Said>
}

/** How feeds are after their polls. */
export function saveFeeds(client: Transaction, feeds: readonly FeedNow[]): void {
  const rows = feeds.map(({ health: { state, reason, series }, ...feed }) => ({
    ...feed,
    ...{ state, reason, troubled: series },
  }))
  client.send(SAVE, [JSON.stringify(rows)])
}

const SAVE = {
  name: 'save-feeds',
  text: `update metalgap.feeds set
      last_attempt_at = poll.now,
      last_success_at = case when poll.failures_in_row = 0 then poll.now else feeds.last_success_at end,
      last_slot = greatest(feeds.last_slot, poll.slot),
      failures_in_row = poll.failures_in_row,
      last_error = poll.last_error,
      last_error_kind = poll.last_error_kind,
      last_tick_at = greatest(feeds.last_tick_at, poll.newest_tick_at),
      pages = poll.pages,
      state_since = case when feeds.state <> poll.state then poll.now else feeds.state_since end,
      state = poll.state,
      reason = poll.reason,
      troubled = poll.troubled,
      said = poll.said
    from jsonb_to_recordset($1) as poll (feed text, slot timestamptz, now timestamptz, failures_in_row integer,
      last_error text, last_error_kind text, newest_tick_at timestamptz, pages jsonb, state text, reason text,
      troubled text[], said jsonb)
    where feeds.feed = poll.feed`,
}

/** How a feed is that was not polled: late, or no longer polled at all. The feed's row is locked. */
export async function saveHealth(client: Client, feed: string, now: Date, health: Health): Promise<void> {
  await client.query(
    `update metalgap.feeds set state_since = case when state <> $3 then $2 else state_since end, state = $3,
       reason = $4, troubled = $5 where feed = $1`,
    [feed, now, health.state, health.reason, health.series],
  )
}
