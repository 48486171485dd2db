/** A poll's second half: what its pages said becomes fetches, ticks and evaluations in one transaction. */
import { gzipSync } from 'node:zlib'
import type { FeedConfig } from './config.ts'
import type { Context } from './context.ts'
import type { Watched } from './engine/feed-health.ts'
import type { Tick } from './engine/model.ts'
import { legsOf } from './engine/spec.ts'
import { fold, type OpenPair, uses } from './evaluation.ts'
import {
  disputesOf,
  healthAfter,
  healthBefore,
  type PollParts,
  siblingsOf,
  watchedSeries,
} from './feed-health.ts'
import { tellFeed } from './feed-incidents.ts'
import type { Feed, Page } from './feeds/feed.ts'
import { isNews, judgeQuotes, type SeriesQuote } from './judgement.ts'
import { type ReadPage, refusals } from './page.ts'
import { reopen } from './recovery.ts'
import { savePairOutcome } from './saving.ts'
import type { Client } from './store/database.ts'
import type { Due } from './store/deliveries.ts'
import { saveFeed } from './store/feeds.ts'
import { insertFetch } from './store/fetches.ts'
import { ensureTickPartitions } from './store/partitions.ts'
import { type Known, type KnownFeed, lockPoll } from './store/polls.ts'
import { insertRetold } from './store/retold.ts'
import { saveMemories } from './store/series.ts'
import { insertTicks, takeTickIds } from './store/ticks.ts'

export interface PollPlan {
  config: FeedConfig
  feed: Feed
  pages: Page[]
  /** enabled pairs that use the feed */
  pairs: string[]
  watched: Watched[]
}

/** What is to be asked of a feed; null when no enabled pair uses it (any more). */
export function planPoll(context: Context, id: string): PollPlan | null {
  const config = context.config.feeds[id]
  const feed = context.feeds[id]
  if (config === undefined || feed === undefined || !config.enabled) return null
  const wanted = Object.keys(config.series).filter((name) => pairsUsing(context, `${id}/${name}`).length > 0)
  if (wanted.length === 0) return null
  const pairs = new Set(wanted.flatMap((name) => pairsUsing(context, `${id}/${name}`)))
  const watched = watchedSeries(context, config, wanted)
  return { config, feed, pages: feed.pages(wanted, config.key), pairs: [...pairs].sort(), watched }
}

function pairsUsing(context: Context, series: string): string[] {
  return Object.values(context.specs)
    .filter((spec) => uses(spec, series))
    .map((spec) => spec.pair)
}

interface Job {
  feed: string
  slot: Date
  plan: PollPlan
}

export interface Polled {
  /** due at once */
  deliveries: Due[]
}

/** Stores a poll and evaluates its pairs; a slot that another replica has stored is left alone. */
export async function storePoll(
  context: Context,
  job: { feed: string; slot: Date },
  plan: PollPlan,
  pages: readonly ReadPage[],
): Promise<Polled> {
  const quoted = pages.flatMap((page) =>
    page.quotes.map((quote) => ({ page, series: `${job.feed}/${quote.name}`, quote })),
  )
  await makeRoom(
    context,
    quoted.map(({ quote }) => quote.at),
  )
  return context.database.transaction(async (client) => {
    const known = await lockPoll(client, {
      ...job,
      pairs: plan.pairs,
      series: quoted.map(({ series, quote }) => ({ series, at: quote.at })),
      instruments: Object.values(plan.config.series).map((facts) => facts.instrument),
      pages: pages.length,
      siblings: siblingsOf(context, polledSeries(context), quoted),
    })
    if (known.polled) return { deliveries: [] }
    const quotes = quoted
      .map(({ page, series, quote }) => ({
        series,
        quote,
        fetch_id: known.fetch_ids[pages.indexOf(page)] as number,
      }))
      .sort((a, b) => a.quote.at.getTime() - b.quote.at.getTime())
    return keep(context, client, { ...job, plan }, pages, known, quotes)
  })
}

async function keep(
  context: Context,
  client: Client,
  job: Job,
  pages: readonly ReadPage[],
  known: Known,
  quotes: readonly SeriesQuote[],
): Promise<Polled> {
  const news = quotes.filter((quote) => isNews(known, quote)).length
  const ids = news === 0 ? [] : await takeTickIds(client, news)
  const seen_at = context.now()
  const reopened = await Promise.all(known.pairs.map((row) => reopen(context, client, row)))
  const pairs = reopened.map(({ pair }) => pair)
  const disputes = disputesOf(context, known.comparisons, seen_at)
  const judged = judgeQuotes(context, known, pairs, quotes, ids, seen_at, disputes)
  foldArrived(pairs, judged.arrived, seen_at)
  logChange(context, job.feed, known.feed, pages)
  const feed = feedNow(job, pages, known, { quotes, disputes, arrived: judged.arrived, now: seen_at })
  const stored = new Set(judged.rows.map(({ tick_id }) => tick_id))
  const retold = judged.arrived.filter(({ tick_id }) => !stored.has(tick_id))
  const [, , , , , saved, told] = await Promise.all([
    Promise.all(pages.map((page, i) => insertFetch(client, fetchRow(job, page, known, i)))),
    saveFeed(client, feed),
    saveMemories(client, judged.memories),
    judged.rows.length === 0 ? null : insertTicks(client, judged.rows),
    retold.length === 0 ? null : insertRetold(client, retold),
    Promise.all(pairs.map((pair) => savePairOutcome(context, client, pair))),
    tellFeed(context, client, { ...feed, before: healthBefore(known.feed), ours: isOurs(pages) }),
  ])
  return {
    deliveries: [...reopened.flatMap(({ due }) => due), ...saved.flat(), ...told],
  }
}

/** Once when a feed begins to fail or fails in another way, and once when it is back: not at every poll. */
function logChange(context: Context, feed: string, before: KnownFeed, pages: readonly ReadPage[]): void {
  const error = troubleOf(pages)
  if (error === before.last_error) return
  if (error === null) context.log.info({ feed }, `${feed}: prices again`)
  else
    context.log.warn(
      { feed },
      `${feed}: ${problemOf(pages) === null ? 'not all prices' : 'no prices'}: ${error}`,
    )
}

function problemOf(pages: readonly ReadPage[]): ReadPage['problem'] {
  return pages.find((page) => page.problem !== null)?.problem ?? null
}

/** A series of a good page that was refused is no failure of the feed, but no secret either. */
function troubleOf(pages: readonly ReadPage[]): string | null {
  return problemOf(pages)?.error ?? (pages.map(refusals).filter(Boolean).join('; ') || null)
}

/** A pair that is left behind folds them later, in their turn. */
function foldArrived(pairs: readonly OpenPair[], arrived: readonly Tick[], seen_at: Date): void {
  for (const pair of pairs) {
    const ticks = arrived.filter((tick) => uses(pair.spec, tick.series))
    if (ticks.length > 0 && !pair.behind) fold(pair, { is: 'ticks', seen_at: seen_at.getTime(), ticks })
  }
}

/** Partitions exist for months ahead; history from a source needs its own. */
async function makeRoom(context: Context, instants: readonly Date[]): Promise<void> {
  const months = new Set(instants.map((at) => at.toISOString().slice(0, 7)))
  for (const month of months) {
    if (rooms.has(`${context.database.url} ${month}`)) continue
    const first = new Date(`${month}-01T00:00:00Z`)
    await ensureTickPartitions(context.database, first, first)
    rooms.add(`${context.database.url} ${month}`)
  }
}

/** Months whose partition is known to exist: asked for once a process. */
const rooms = new Set<string>()

type Pages = KnownFeed['pages']

/** A body is kept when it differs from the last one that was kept, or when it was not understood. */
function keepBodies(feed: KnownFeed, pages: readonly ReadPage[], fetch_ids: readonly number[]): Pages {
  const kept: Pages = { ...feed.pages }
  pages.forEach((page, i) => {
    const hash = page.body_hash?.toString('hex')
    if (hash !== undefined && kept[page.page]?.hash !== hash)
      kept[page.page] = { hash, fetch_id: fetch_ids[i] as number }
  })
  return kept
}

function fetchRow(job: { feed: string; slot: Date }, page: ReadPage, known: Known, i: number) {
  const fetch_id = known.fetch_ids[i] as number
  const before = known.feed.pages[page.page]
  const isSame = page.body_hash !== null && before?.hash === page.body_hash.toString('hex')
  return {
    fetch_id,
    ...job,
    page: page.page,
    started_at: page.started_at,
    finished_at: page.finished_at,
    outcome: page.problem?.is ?? (isSame ? ('unchanged' as const) : ('changed' as const)),
    status: page.status,
    error: page.problem?.error ?? (refusals(page) || null),
    content_type: page.content_type,
    body_hash: page.body_hash,
    body: page.bytes === null || isSame ? null : gzipSync(page.bytes, { level: 1 }),
    body_fetch_id: page.bytes === null ? null : isSame ? (before?.fetch_id ?? null) : fetch_id,
  }
}

/** A poll has failed when one of its pages has; a refused series alone is no failure of the feed. */
function feedNow(
  job: Job,
  pages: readonly ReadPage[],
  known: Known,
  brought: Pick<PollParts, 'quotes' | 'disputes' | 'now'> & { arrived: readonly Tick[] },
) {
  const { feed, fetch_ids } = known
  const { quotes, disputes, arrived, now } = brought
  const problem = problemOf(pages)
  const failures_in_row = problem === null ? 0 : feed.failures_in_row + 1
  const newest = Math.max(...arrived.filter((tick) => tick.quarantined === null).map((tick) => tick.at))
  const { watched, config } = job.plan
  const parts = { watched, failing_after: config.failing_after, pages, quotes, disputes, now }
  return {
    ...{ feed: job.feed, slot: job.slot, now, failures_in_row },
    last_error: troubleOf(pages),
    last_error_kind: problem?.is ?? null,
    newest_tick_at: newest > 0 ? new Date(newest) : null,
    pages: keepBodies(feed, pages, fetch_ids),
    ...healthAfter(feed, failures_in_row, parts),
  }
}

function isOurs(pages: readonly ReadPage[]): boolean {
  return pages.find((page) => page.problem !== null)?.problem?.ours ?? false
}

function polledSeries(context: Context): Set<string> {
  return new Set(Object.values(context.specs).flatMap((spec) => legsOf(spec).map((leg) => leg.facts.series)))
}
