import type { Health, Said } from '../engine/feed-health.ts'
import type { Client } from './database.ts'

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

/** How a feed is after a poll. */
export async function saveFeed(client: Client, feed: FeedNow): Promise<void> {
  const { state, reason, series } = feed.health
  await client.query(SAVE, [
    ...[feed.feed, feed.slot, feed.now, feed.failures_in_row, feed.last_error, feed.last_error_kind],
    ...[feed.newest_tick_at, JSON.stringify(feed.pages), state, reason, series, JSON.stringify(feed.said)],
  ])
}

const SAVE = {
  name: 'save-feed',
  text: `update metalgap.feeds set
      last_attempt_at = $3,
      last_success_at = case when $4 = 0 then $3 else last_success_at end,
      last_slot = greatest(last_slot, $2),
      failures_in_row = $4,
      last_error = $5,
      last_error_kind = $6,
      last_tick_at = greatest(last_tick_at, $7),
      pages = $8,
      state_since = case when state <> $9 then $3 else state_since end,
      state = $9,
      reason = $10,
      troubled = $11,
      said = $12
    where feed = $1`,
}

/** How a feed is that was not polled: late, or no longer polled at all. The feed's row is locked. */
export async function saveHealth(client: Client, feed: string, now: Date, health: Health): Promise<void> {
  await client.query(
    `update metalgap.feeds set state_since = case when state <> $3 then $2 else state_since end, state = $3,
       reason = $4, troubled = $5 where feed = $1`,
    [feed, now, health.state, health.reason, health.series],
  )
}
