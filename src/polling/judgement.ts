/** From what pages say to ticks: what is news, what is believable, and what the pairs make of it. */
import type { Context } from '../context.ts'
import type { Tick } from '../engine/model.ts'
import { opinionOf } from '../engine/opinion.ts'
import { judge, NO_MEMORY, type Opinions, type SeriesMemory } from '../engine/plausibility.ts'
import { type OpenPair, uses } from '../evaluation.ts'
import type { Quote } from '../feeds/feed.ts'
import { type Known, type KnownTick, momentOf } from '../store/polls.ts'
import type { Retold } from '../store/retold.ts'
import type { TickRow } from '../store/ticks.ts'

export interface SeriesQuote {
  series: string
  quote: Quote
  fetch_id: number
}

export interface Judged {
  /** to be stored */
  rows: TickRow[]
  memories: Record<string, SeriesMemory>
  /** to be folded, together: they are one piece of news */
  arrived: Tick[]
  /** those of them that are stored already */
  retold: Retold[]
}

/**
 * Judges the quotes of a poll one after the other, each in the light of those before it. Takes numbers
 * of `known.tick_ids` for what is news; `disputes` says by series what other sources say instead.
 */
export function judgeQuotes(
  context: Context,
  known: Known,
  pairs: readonly OpenPair[],
  quotes: readonly SeriesQuote[],
  seen_at: Date,
  disputes: Readonly<Record<string, string>> = {},
): Judged {
  const judged: Judged = { rows: [], memories: {}, arrived: [], retold: [] }
  const lastWords = new Map(quotes.map((each) => [each.series, each]))
  const waiting = new Set<string>()
  for (const each of quotes) {
    const { series, quote, fetch_id } = each
    const isLastWord = lastWords.get(series) === each
    const before = knownTick(known, series, quote.at)
    const candidate = tickOf(series, quote, seen_at, before)
    const users = pairs.filter((pair) => uses(pair.spec, series))
    if (before !== undefined && before.quarantined === null && isSamePrice(before, quote)) {
      if (isLastWord) reaffirm(known, judged, users, candidate, before)
      continue
    }
    const quarantined = doubt(context, known, judged, users, candidate, waiting)
    const disputed = disputes[series]
    const tick: Tick = { ...candidate, quarantined, ...(disputed !== undefined && { disputed }) }
    // Doubted before and doubted again: the row is there already, only the memory counts one poll more.
    if (before !== undefined && isSamePrice(before, quote) && quarantined !== null) {
      if (isLastWord) retell(known, judged, tick, before)
      continue
    }
    tick.tick_id = known.tick_ids.shift() as number
    judged.rows.push(rowOf(tick, quote, fetch_id, seen_at))
    judged.arrived.push(tick)
  }
  return judged
}

/**
 * Why a price is not believed, or null; the series remembers it. Of the dates that one page brings only the first that
 * jumped waits to be confirmed (`waiting`): they are one poll, and each later one is judged by what comes before it.
 */
function doubt(
  context: Context,
  known: Known,
  judged: Judged,
  users: readonly OpenPair[],
  tick: Tick,
  waiting: Set<string>,
): string | null {
  const { series } = tick
  const memory = memoryOf(known, judged, series)
  const isCounted = waiting.has(series)
  const verdict = judgeOne(context, known, judged, users, tick, {
    ...memory,
    ...(isCounted && { candidate: null }),
  })
  if (!isCounted || verdict.quarantined === null) judged.memories[series] = verdict.memory
  if (verdict.memory.candidate !== null) waiting.add(series)
  return verdict.quarantined
}

function memoryOf(known: Known, judged: Judged, series: string): SeriesMemory {
  return judged.memories[series] ?? known.memories[series] ?? NO_MEMORY
}

/** It takes a number as a new tick does: polls that are stored together are told one after the other. */
function retell(known: Known, judged: Judged, tick: Tick, { tick_id, revision }: KnownTick): void {
  const again = { ...tick, tick_id, revision }
  judged.arrived.push(again)
  judged.retold.push({ ...again, told_id: known.tick_ids.shift() as number })
}

type Said = Omit<SeriesQuote, 'fetch_id'>

/** How many numbers they take at most: a good price that is stored already takes one where it is the last word. */
export function numbersFor(known: Known, quotes: readonly Said[]): number {
  const lastWords = new Map(quotes.map((each) => [each.series, each]))
  return quotes.filter((each) => lastWords.get(each.series) === each || isNews(known, each)).length
}

/** Could this quote become a tick? */
function isNews(known: Known, { series, quote }: Said): boolean {
  const before = knownTick(known, series, quote.at)
  return before === undefined || before.quarantined !== null || !isSamePrice(before, quote)
}

function knownTick(known: Known, series: string, at: Date): KnownTick | undefined {
  return known.ticks.get(momentOf(series, at))
}

function isSamePrice(before: KnownTick, quote: Quote): boolean {
  return Number(before.price) === Number(quote.price)
}

/** The source says again what we hold, which is no news; but what it said in between is no longer its word. */
function reaffirm(
  known: Known,
  judged: Judged,
  users: readonly OpenPair[],
  candidate: Tick,
  before: KnownTick,
): void {
  const { series } = candidate
  const memory = memoryOf(known, judged, series)
  if (memory.good !== null && candidate.at < memory.good.at) return
  if (memory.candidate !== null) judged.memories[series] = { ...memory, candidate: null }
  const isDoubted =
    users.some(({ state }) => state.legs.some((leg) => leg.doubted?.series === series)) ||
    judged.arrived.some((tick) => tick.series === series && tick.quarantined !== null)
  if (isDoubted) retell(known, judged, candidate, before)
}

function tickOf(series: string, quote: Quote, seen_at: Date, before: KnownTick | undefined): Tick {
  return {
    tick_id: 0,
    series,
    at: quote.at.getTime(),
    seen_at: seen_at.getTime(),
    price: Number(quote.price),
    revision: (before?.revision ?? 0) + 1,
    quarantined: null,
  }
}

function judgeOne(
  context: Context,
  known: Known,
  judged: Judged,
  users: readonly OpenPair[],
  tick: Tick,
  memory: SeriesMemory,
) {
  const facts = context.config.series[tick.series]
  if (facts === undefined) throw new Error(`no series ${tick.series}`)
  const opinions: Opinions = {
    others: Object.entries({ ...known.memories, ...judged.memories })
      .filter(
        ([series]) =>
          series !== tick.series && context.config.series[series]?.instrument === facts.instrument,
      )
      .flatMap(([, other]) =>
        other?.good == null || tick.seen_at - other.good.at > OTHER_MAX_AGE_MS ? [] : [other.good.price],
      ),
    ...opinionsOf(users, tick, judged.arrived),
  }
  return judge(facts, memory, tick.price, tick.at, tick.seen_at, opinions)
}

/** How old another source's word may be to confirm a jump. */
const OTHER_MAX_AGE_MS = 3_600_000

function opinionsOf(
  users: readonly OpenPair[],
  tick: Tick,
  arrived: readonly Tick[],
): Pick<Opinions, 'objection' | 'vouched'> {
  const good = arrived.filter((each) => each.quarantined === null)
  const opinions = users.map((pair) => ({ pair, opinion: opinionOf(pair.spec, pair.state, tick, good) }))
  const objection = opinions.find(({ opinion }) => opinion.is === 'objection')?.opinion
  return {
    objection: objection?.is === 'objection' ? objection.reason : null,
    vouched:
      opinions.some(({ opinion }) => opinion.is === 'believable') &&
      opinions.every(({ pair }) => pair.state.observed === null),
  }
}

function rowOf(tick: Tick, quote: Quote, fetch_id: number, seen_at: Date): TickRow {
  return {
    tick_id: tick.tick_id,
    series: tick.series,
    at: quote.at,
    revision: tick.revision,
    price: quote.price,
    bid: quote.bid ?? null,
    ask: quote.ask ?? null,
    seen_at,
    quarantined: tick.quarantined,
    disputed: tick.disputed ?? null,
    fetch_id,
  }
}
