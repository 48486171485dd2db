/** What a poll says of the health of its feed: what its series said, and whether other sources agree. */
import type { FeedConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { disputeOf } from '../engine/dispute.ts'
import { follow, type Health, healthOf, type Said, type Watched } from '../engine/feed-health.ts'
import type { KnownFeed } from '../store/polls.ts'
import type { Comparison, Sibling } from '../store/siblings.ts'
import type { SeriesQuote } from './judgement.ts'
import type { ReadPage } from './page.ts'
import { problemOf } from './trouble.ts'

/** The series of a feed that are polled (names within it), as the watch sees them. */
export function watchedSeries(context: Context, config: FeedConfig, wanted: readonly string[]): Watched[] {
  return wanted.flatMap((name) => {
    const facts = config.series[name]
    const watch = config.watch[name]
    const calendar = facts && context.config.calendars[facts.calendar]
    if (facts === undefined || watch === undefined || calendar === undefined) return []
    const { series, zone, publication_lag_ms, fixing_time = null } = facts
    return [{ series, calendar, zone, publication_lag_ms, fixing_time, ...watch }]
  })
}

/** Of each series that was quoted its newest quote, beside every other polled series of the same instrument. */
export function siblingsOf(
  context: Context,
  polled: ReadonlySet<string>,
  quotes: readonly Omit<SeriesQuote, 'fetch_id'>[],
): Sibling[] {
  const { series: known } = context.config
  return [...newestQuotes(quotes)].flatMap(([series, { at, price }]) => {
    const facts = known[series]
    const others = Object.values(known).filter(
      (other) =>
        other.instrument === facts?.instrument && other.series !== series && polled.has(other.series),
    )
    return others.map((other) => ({ series, at, price, other: other.series }))
  })
}

function newestQuotes(quotes: readonly Omit<SeriesQuote, 'fetch_id'>[]) {
  const newest = new Map<string, SeriesQuote['quote']>()
  for (const { series, quote } of quotes) {
    const before = newest.get(series)
    if (before === undefined || quote.at >= before.at) newest.set(series, quote)
  }
  return newest
}

/** By series: what another source says instead. */
export function disputesOf(
  context: Context,
  comparisons: readonly Comparison[],
  now: Date,
): Record<string, string> {
  const disputes: Record<string, string> = {}
  for (const { series, own_at, own_price, other, other_at, other_price } of comparisons) {
    const own = wordOf(context, series, own_price, own_at)
    const most = mostApart(context, series)
    const dispute = disputeOf(own, wordOf(context, other, other_price, other_at), most, now.getTime())
    if (dispute !== null) disputes[series] = dispute
  }
  return disputes
}

function wordOf({ config }: Context, series: string, price: string, at: Date) {
  const calendar = config.calendars[config.series[series]?.calendar ?? '']
  if (calendar === undefined) throw new Error(`no calendar of ${series}`)
  return { series, price: Number(price), at: at.getTime(), calendar }
}

function mostApart({ config }: Context, series: string): number {
  const [feed = '', name = ''] = series.split('/')
  return config.feeds[feed]?.watch[name]?.max_disagreement ?? Number.POSITIVE_INFINITY
}

export interface PollParts {
  watched: readonly Watched[]
  failing_after: number
  pages: readonly ReadPage[]
  quotes: readonly SeriesQuote[]
  disputes: Readonly<Record<string, string>>
  now: Date
}

/** How the feed is after this poll, and what is remembered of its series. */
export function healthAfter(
  before: KnownFeed,
  failures_in_row: number,
  polled: PollParts,
): { health: Health; said: Record<string, Said> } {
  const problem = problemOf(polled.pages)
  const { watched, failing_after, now } = polled
  const said = problem === null ? saidNow(before, polled) : before.said
  const polls = {
    failures_in_row,
    failing_after,
    last_error: problem?.error ?? null,
    last_error_kind: problem?.is ?? null,
  }
  return { health: healthOf(watched, said, polls, healthBefore(before), now.getTime()), said }
}

/** How the feed was before it. */
export function healthBefore({
  state,
  troubled,
  reason,
}: Pick<KnownFeed, 'state' | 'troubled' | 'reason'>): Health {
  return { state, series: troubled, reason }
}

function saidNow(before: KnownFeed, { watched, quotes, disputes, now }: PollParts): Record<string, Said> {
  const newest = newestQuotes(quotes)
  return Object.fromEntries(
    watched.map((each) => {
      const quote = newest.get(each.series)
      const told = quote === undefined ? null : { at: quote.at.getTime(), price: Number(quote.price) }
      const said = follow(each, before.said[each.series], told, now.getTime())
      return [each.series, told === null ? said : { ...said, disputed: disputes[each.series] ?? null }]
    }),
  )
}
