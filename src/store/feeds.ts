import type { Client } from './database.ts'

export interface FeedNow {
  feed: string
  slot: Date
  now: Date
  failures_in_row: number
  last_error: string | null
  last_error_kind: 'failed' | 'not_understood' | null
  has_ticks: boolean
  pages: Record<string, { hash: string; fetch_id: number }>
}

/** How a feed is after a poll. */
export async function saveFeed(client: Client, feed: FeedNow): Promise<void> {
  await client.query(SAVE, [
    feed.feed,
    feed.slot,
    feed.now,
    feed.failures_in_row,
    feed.last_error,
    feed.last_error_kind,
    feed.has_ticks,
    JSON.stringify(feed.pages),
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
      last_tick_at = case when $7 then $3 else last_tick_at end,
      pages = $8,
      state_since = case when state <> (case when $4 = 0 then 'ok' when $4 >= 3 then
        (case when $6 = 'not_understood' then 'drifted' else 'failing' end) else state end) then $3 else state_since end,
      state = case when $4 = 0 then 'ok' when $4 >= 3 then
        (case when $6 = 'not_understood' then 'drifted' else 'failing' end) else state end
    where feed = $1`,
}
