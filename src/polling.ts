/** A poll's second half: what its pages said becomes fetches, ticks and evaluations, in one transaction with its neighbours. */
import type { Context } from './context.ts'
import type { Tick } from './engine/model.ts'
import { legsOf } from './engine/spec.ts'
import { checkpointAround } from './evaluation/checkpointing.ts'
import { reopen } from './evaluation/recovery.ts'
import { foldTicks } from './evaluation/refold.ts'
import { savePairOutcome } from './evaluation/saving.ts'
import { type OpenPair, uses } from './evaluation.ts'
import { bodyOf, isKept, keptAfter, pack } from './polling/bodies.ts'
import { disputesOf, healthAfter, healthBefore, siblingsOf } from './polling/feed-health.ts'
import { tellFeed } from './polling/feed-incidents.ts'
import { type Judged, judgeQuotes, numbersFor, type SeriesQuote } from './polling/judgement.ts'
import { type ReadPage, refusals } from './polling/page.ts'
import type { PollPlan } from './polling/plan.ts'
import type { Arrival } from './polling/together.ts'
import { logChange, problemOf, troubleOf } from './polling/trouble.ts'
import type { Client, Transaction } from './store/database.ts'
import type { Due } from './store/deliveries.ts'
import { type FeedNow, saveFeeds } from './store/feeds.ts'
import { type FetchRow, insertFetches } from './store/fetches.ts'
import { makeRoom } from './store/partitions.ts'
import { type Known, type KnownPoll, lockPolls } from './store/polls.ts'
import { insertRetold } from './store/retold.ts'
import { saveMemories } from './store/series.ts'
import { insertTicks, takeTickIds } from './store/ticks.ts'

/** A poll whose pages were read. */
export interface ReadPoll {
  feed: string
  slot: Date
  plan: PollPlan
  pages: readonly ReadPage[]
}

/** Stores a poll and evaluates its pairs; a slot that another replica has stored is left alone. Answers with what is due. */
export async function storePoll(
  context: Context,
  poll: ReadPoll,
  arrival: Arrival<PendingPoll, Due[]>,
): Promise<Due[]> {
  const quotes = quotesOf(poll)
  await makeRoom(
    context.database,
    quotes.map(({ quote }) => quote.at),
  )
  const packed = await Promise.all(poll.pages.map((page) => pack(placeOf(context, poll), page)))
  return arrival.add({ ...poll, quotes, packed })
}

/** What waits to be stored. */
export interface PendingPoll extends ReadPoll {
  /** in the order of the source's times */
  quotes: PageQuote[]
  /** its bodies, compressed; null where they are probably kept already */
  packed: (Buffer | null)[]
}

type PageQuote = Omit<SeriesQuote, 'fetch_id'> & { page: number }

function quotesOf({ feed, pages }: ReadPoll): PageQuote[] {
  const quotes = pages.flatMap((page, i) =>
    page.quotes.map((quote) => ({ page: i, series: `${feed}/${quote.name}`, quote })),
  )
  return quotes.sort((a, b) => a.quote.at.getTime() - b.quote.at.getTime())
}

/** Two polls of one instrument are judged one by the other: they are not stored together. */
export function mayShare(poll: PendingPoll, chosen: readonly PendingPoll[]): boolean {
  const taken = new Set(chosen.flatMap(({ plan }) => plan.instruments))
  return !poll.plan.instruments.some((instrument) => taken.has(instrument))
}

/** Stores polls in one transaction, each as if it were alone. What is due is handed to the first of them. */
export async function storePolls(context: Context, pending: readonly PendingPoll[]): Promise<Due[][]> {
  const polls = pending.toSorted((a, b) => (a.feed < b.feed ? -1 : 1))
  const quotes = polls.flatMap((poll) => poll.quotes)
  const due = await context.database.transaction(async (client) => {
    const known = await lockPolls(client, {
      polls: polls.map(({ feed, slot, pages }) => ({ feed, slot, pages: pages.length })),
      pairs: [...new Set(polls.flatMap(({ plan }) => plan.pairs))],
      series: quotes.map(({ series, quote }) => ({ series, at: quote.at })),
      instruments: polls.flatMap(({ plan }) => plan.instruments),
      siblings: siblingsOf(context, polledSeries(context), quotes),
      // a series rarely has more than one piece of news
      ticks: new Set(quotes.map(({ series }) => series)).size,
    })
    return keep(context, client, polls, known)
  })
  return pending.map((_, i) => (i === 0 ? due : []))
}

/** A poll, judged and folded, with what it was judged by. */
interface Judgement extends Judged {
  poll: PendingPoll
  known: KnownPoll
  quotes: SeriesQuote[]
  disputes: Record<string, string>
  seen_at: Date
}

async function keep(
  context: Context,
  client: Transaction,
  polls: readonly PendingPoll[],
  known: Known,
): Promise<Due[]> {
  const fresh = polls.flatMap((poll, i) => {
    const here = known.polls[i] as KnownPoll
    return here.polled ? [] : [{ poll, known: here }]
  })
  if (fresh.length === 0) return []
  const wanted = fresh.reduce((total, { poll }) => total + numbersFor(known, poll.quotes), 0)
  if (wanted > known.tick_ids.length)
    known.tick_ids.push(...(await takeTickIds(client, wanted - known.tick_ids.length)))
  const reopened = await Promise.all(known.pairs.map((row) => reopen(context, client, row, known.open)))
  const pairs = reopened.map(({ pair }) => pair)
  const judged: Judgement[] = []
  const told_id = (known.tick_ids[0] ?? 0) - 1
  for (const each of fresh)
    judged.push(await judgePoll(context, client, known, pairs, each, judged.at(-1)?.seen_at))
  const checkpointBehind = await checkpointAround(client, pairs, told_id)
  // ticks are sent before whatever reads them
  writePolls(context, client, judged)
  const [saved, told] = await Promise.all([
    Promise.all(pairs.map((pair) => savePairOutcome(context, client, pair))),
    saveFeedsAfter(context, client, judged),
  ])
  await checkpointBehind()
  return [...reopened.flatMap(({ due }) => due), ...saved.flat(), ...told]
}

/** The moments of polls that are stored together differ: a replay tells them apart by that. */
async function judgePoll(
  context: Context,
  client: Client,
  known: Known,
  pairs: readonly OpenPair[],
  { poll, known: here }: Pick<Judgement, 'poll' | 'known'>,
  last: Date | undefined,
): Promise<Judgement> {
  const now = context.now()
  const seen_at = last !== undefined && now <= last ? new Date(last.getTime() + 1) : now
  const quotes = poll.quotes.map(({ page, ...quote }) => ({
    ...quote,
    fetch_id: here.fetch_ids[page] as number,
  }))
  const own = known.comparisons.filter(({ series }) => series.startsWith(`${poll.feed}/`))
  const disputes = disputesOf(context, own, seen_at)
  const judged = judgeQuotes(context, known, pairs, quotes, seen_at, disputes)
  await foldArrived(client, pairs, judged.arrived, seen_at)
  return { ...judged, poll, known: here, quotes, disputes, seen_at }
}

/** A pair that is left behind folds them later, in their turn. */
async function foldArrived(
  client: Client,
  pairs: readonly OpenPair[],
  arrived: readonly Tick[],
  seen_at: Date,
): Promise<void> {
  for (const pair of pairs) {
    const ticks = arrived.filter((tick) => uses(pair.spec, tick.series))
    if (ticks.length > 0 && !pair.behind) await foldTicks(client, pair, ticks, seen_at.getTime())
  }
}

function writePolls(context: Context, client: Transaction, judged: readonly Judgement[]): void {
  const rows = judged.flatMap((each) => each.rows)
  const retold = judged.flatMap((each) => each.retold)
  if (rows.length > 0) insertTicks(client, rows)
  if (retold.length > 0) insertRetold(client, retold)
  saveMemories(client, Object.assign({}, ...judged.map(({ memories }) => memories)))
  insertFetches(
    client,
    judged.flatMap((each) => each.poll.pages.map((_, i) => fetchOf(context, each, i))),
  )
}

function fetchOf(context: Context, { poll, known }: Judgement, i: number): FetchRow {
  const { feed, slot } = poll
  const page = poll.pages[i] as ReadPage
  const fetch_id = known.fetch_ids[i] as number
  const packed = poll.packed[i] ?? null
  return {
    ...{ fetch_id, feed, slot, page: page.page },
    ...{ started_at: page.started_at, finished_at: page.finished_at },
    outcome: page.problem?.is ?? (isKept(page, known.feed) ? 'unchanged' : 'changed'),
    status: page.status,
    error: page.problem?.error ?? (refusals(page) || null),
    content_type: page.content_type,
    ...bodyOf(placeOf(context, poll), { page, packed }, known.feed, fetch_id),
  }
}

/** A poll has failed when one of its pages has; a refused series alone is no failure of the feed. */
function feedAfter({ poll, known, quotes, disputes, arrived, seen_at: now }: Judgement): FeedNow {
  const { feed, slot, plan, pages } = poll
  const problem = problemOf(pages)
  const failures_in_row = problem === null ? 0 : known.feed.failures_in_row + 1
  const newest = Math.max(...arrived.filter((tick) => tick.quarantined === null).map((tick) => tick.at))
  const { watched, config } = plan
  const parts = { watched, failing_after: config.failing_after, pages, quotes, disputes, now }
  return {
    ...{ feed, slot, now, failures_in_row },
    last_error: troubleOf(pages),
    last_error_kind: problem?.is ?? null,
    newest_tick_at: newest > 0 ? new Date(newest) : null,
    pages: keptAfter(known.feed, pages, known.fetch_ids),
    ...healthAfter(known.feed, failures_in_row, parts),
  }
}

/** Told one after the other: the second must see whether the first was told of a fault that both suffer from. */
async function saveFeedsAfter(
  context: Context,
  client: Transaction,
  judged: readonly Judgement[],
): Promise<Due[]> {
  if (judged.length === 0) return []
  const after = judged.map(feedAfter)
  const due: Due[] = []
  for (const [i, feed] of after.entries()) {
    const { poll, known } = judged[i] as Judgement
    logChange(context, feed.feed, known.feed.last_error, poll.pages)
    const ours = problemOf(poll.pages)?.ours ?? false
    due.push(...(await tellFeed(context, client, { ...feed, before: healthBefore(known.feed), ours })))
  }
  saveFeeds(client, after)
  return due
}

function placeOf({ database }: Context, { feed }: { feed: string }): string {
  return `${database.url} ${feed}`
}

function polledSeries(context: Context): Set<string> {
  return new Set(Object.values(context.specs).flatMap((spec) => legsOf(spec).map((leg) => leg.facts.series)))
}
