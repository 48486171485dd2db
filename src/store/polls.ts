/** What a poll must know before it may judge prices, read in one round trip while the pairs of its feed are locked. */
import type { FeedState, Said } from '../engine/feed-health.ts'
import type { SeriesMemory } from '../engine/plausibility.ts'
import type { Client } from './database.ts'
import type { PairRow } from './pairs.ts'
import { lockPairs } from './pairs.ts'
import { type Comparison, compareSiblings, type Sibling } from './siblings.ts'

export interface KnownTick {
  series: string
  at: Date
  tick_id: number
  seen_at: Date
  revision: number
  price: string
  quarantined: string | null
}

export interface KnownFeed {
  pages: Record<string, { hash: string; fetch_id: number }>
  failures_in_row: number
  last_error: string | null
  state: FeedState
  troubled: string[]
  reason: string | null
  /** by series */
  said: Record<string, Said>
}

export interface Known {
  /** this slot has been stored already, by another replica */
  polled: boolean
  feed: KnownFeed
  pairs: PairRow[]
  /** by series: of this feed, and of the same instruments elsewhere */
  memories: Record<string, SeriesMemory | null>
  /** the newest revision of each (series, at) that the pages speak of */
  ticks: KnownTick[]
  fetch_ids: number[]
  /** of this feed's newest quotes beside what other sources say */
  comparisons: Comparison[]
}

export interface Asked {
  feed: string
  slot: Date
  /** pairs that use the feed */
  pairs: readonly string[]
  series: readonly { series: string; at: Date }[]
  instruments: readonly string[]
  pages: number
  siblings: readonly Sibling[]
}

/** All polls of a feed take the same locks in the same order, so what is read here holds until the commit. */
export async function lockPoll(client: Client, asked: Asked): Promise<Known> {
  const [pairs, feed, memories, ticks, fetches, comparisons] = await Promise.all([
    lockPairs(client, asked.pairs),
    client.query<KnownFeed & { polled: boolean }>(FEED, [asked.feed, asked.slot]),
    client.query<{ series: string; state: SeriesMemory | null }>(MEMORIES, [asked.instruments]),
    client.query<KnownTick>(TICKS, [
      asked.series.map((one) => one.series),
      asked.series.map((one) => one.at),
    ]),
    client.query<{ fetch_id: number }>(FETCH_IDS, [asked.pages]),
    compareSiblings(client, asked.siblings),
  ])
  const { polled, ...known } = feed.rows[0] as KnownFeed & { polled: boolean }
  return {
    polled,
    feed: known,
    pairs,
    memories: Object.fromEntries(memories.rows.map(({ series, state }) => [series, state])),
    ticks: ticks.rows,
    fetch_ids: fetches.rows.map((row) => row.fetch_id),
    comparisons,
  }
}

const FEED = {
  name: 'poll-feed',
  text: `select pages, failures_in_row, last_error, state, troubled, reason, said,
      exists (select from metalgap.fetches where feed = $1 and slot = $2) as polled
    from metalgap.feeds where feed = $1 for update`,
}

const MEMORIES = {
  name: 'poll-memories',
  text: 'select series, state from metalgap.series where instrument = any($1)',
}

const TICKS = {
  name: 'poll-ticks',
  text: `select tick.* from unnest($1::text[], $2::timestamptz[]) as asked (series, at)
    cross join lateral (
      select series, at, tick_id, seen_at, revision, price, quarantined from metalgap.ticks
      where series = asked.series and at = asked.at order by revision desc limit 1
    ) tick`,
}

const FETCH_IDS = {
  name: 'poll-fetch-ids',
  text: `select nextval('metalgap.fetches_fetch_id_seq') as fetch_id from generate_series(1, $1::int)`,
}
