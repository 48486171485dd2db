/** What polls must know before they may judge prices, read in one round trip while the pairs of their feeds are locked. */
import type { FeedState, Said } from '../engine/feed-health.ts'
import type { SeriesMemory } from '../engine/plausibility.ts'
import { type OpenBreach, openBreaches } from './breaches.ts'
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

/** What is known to polls that are stored together; no two of them speak of one instrument. */
export interface Known {
  /** in the order of the polls */
  polls: KnownPoll[]
  pairs: PairRow[]
  /** by series: of these feeds, and of the same instruments elsewhere */
  memories: Record<string, SeriesMemory | null>
  /** the newest revision of each (series, at) that the pages speak of, by `momentOf` */
  ticks: Map<string, KnownTick>
  /** numbers for ticks that are about to be stored, ascending */
  tick_ids: number[]
  /** of the newest quotes beside what other sources say */
  comparisons: Comparison[]
  /** open breaches: pair, rule and id */
  open: OpenBreach[]
}

export interface KnownPoll {
  /** this slot has been stored already, by another replica */
  polled: boolean
  feed: KnownFeed
  fetch_ids: number[]
}

export interface Asked {
  /** of different feeds */
  polls: readonly { feed: string; slot: Date; pages: number }[]
  /** pairs that use the feeds */
  pairs: readonly string[]
  series: readonly { series: string; at: Date }[]
  instruments: readonly string[]
  siblings: readonly Sibling[]
  /** how many numbers for ticks to take */
  ticks: number
}

/** All polls of a feed take the same locks in the same order, so what is read here holds until the commit. */
export async function lockPolls(client: Client, asked: Asked): Promise<Known> {
  const { polls } = asked
  const [pairs, feeds, memories, ticks, ids, comparisons, open] = await Promise.all([
    lockPairs(client, asked.pairs),
    client.query<KnownFeed & { name: string; polled: boolean }>(FEEDS, [
      polls.map(({ feed }) => feed),
      polls.map(({ slot }) => slot),
    ]),
    client.query<{ series: string; state: SeriesMemory | null }>(MEMORIES, [asked.instruments]),
    client.query<KnownTick>(TICKS, [
      asked.series.map((one) => one.series),
      asked.series.map((one) => one.at),
    ]),
    client.query<{ fetch_ids: number[]; tick_ids: number[] }>(IDS, [
      polls.reduce((total, { pages }) => total + pages, 0),
      asked.ticks,
    ]),
    compareSiblings(client, asked.siblings),
    openBreaches(client, asked.pairs),
  ])
  const { fetch_ids, tick_ids } = ids.rows[0] as { fetch_ids: number[]; tick_ids: number[] }
  // by name: Postgres may order names otherwise than JavaScript does
  const byName = new Map(feeds.rows.map(({ name, polled, ...feed }) => [name, { polled, feed }]))
  return {
    polls: polls.map(({ feed, pages }) => {
      const known = byName.get(feed)
      if (known === undefined) throw new Error(`no feed ${feed}`)
      return { ...known, fetch_ids: fetch_ids.splice(0, pages) }
    }),
    pairs,
    memories: Object.fromEntries(memories.rows.map(({ series, state }) => [series, state])),
    ticks: new Map(ticks.rows.map((tick) => [momentOf(tick.series, tick.at), tick])),
    tick_ids,
    comparisons,
    open,
  }
}

/** The key of what a source said of a series for one moment. */
export function momentOf(series: string, at: Date): string {
  return `${series} ${at.getTime()}`
}

const FEEDS = {
  name: 'poll-feeds',
  text: `select feeds.feed as name, pages, failures_in_row, last_error, state, troubled, reason, said,
      coalesce(stored.polled, false) as polled
    from unnest($1::text[], $2::timestamptz[]) as asked (feed, slot) join metalgap.feeds using (feed)
    left join lateral (
      select true as polled from metalgap.fetches where feed = asked.feed and slot = asked.slot limit 1
    ) stored on true
    order by feeds.feed for update of feeds`,
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

const IDS = {
  name: 'poll-ids',
  text: `select
      array(select nextval('metalgap.fetches_fetch_id_seq') from generate_series(1, $1::int)) as fetch_ids,
      array(select nextval('metalgap.ticks_tick_id_seq') from generate_series(1, $2::int)) as tick_ids`,
}
