/** Which feeds nothing has polled when it should have. */
import type { FeedState } from '../engine/feed-health.ts'
import type { Client } from './database.ts'

export interface Punctuality {
  feed: string
  /** null before the first poll */
  last_slot: Date | null
  late_after: Date | null
}

export async function punctuality(client: Client): Promise<Punctuality[]> {
  const { rows } = await client.query<Punctuality>({
    name: 'feeds-punctuality',
    text: 'select feed, last_slot, late_after from metalgap.feeds where enabled order by feed',
  })
  return rows
}

/**
 * Kept beside the feed, so that it reads late even while nothing runs. One that a poll has locked is left for the next time:
 * polls lock several, and in another order they would wait for one another.
 */
export async function saveLateAfter(
  client: Client,
  rows: readonly { feed: string; late_after: Date }[],
): Promise<void> {
  if (rows.length === 0) return
  await client.query(
    `with free as (
       select feeds.feed, row.late_after
       from metalgap.feeds join jsonb_to_recordset($1) as row (feed text, late_after timestamptz) using (feed)
       where feeds.late_after is distinct from row.late_after
       for update of feeds skip locked
     )
     update metalgap.feeds set late_after = free.late_after from free where feeds.feed = free.feed`,
    [JSON.stringify(rows)],
  )
}

export interface LockedFeed extends Punctuality {
  state: FeedState
  troubled: string[]
  reason: string | null
  failures_in_row: number
  last_error: string | null
}

export async function lockFeed(client: Client, feed: string): Promise<LockedFeed | null> {
  const { rows } = await client.query<LockedFeed>(
    `select feed, last_slot, late_after, state, troubled, reason, failures_in_row, last_error
     from metalgap.feeds where feed = $1 for update`,
    [feed],
  )
  return rows[0] ?? null
}

/** Feeds with an open incident that are none of these: they are polled no more. */
export async function abandonedFeeds(client: Client, polled: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ feed: string }>(
    'select feed from metalgap.feed_incidents where ended_at is null and feed <> all ($1) order by feed',
    [polled],
  )
  return rows.map(({ feed }) => feed)
}
