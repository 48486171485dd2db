/** Does a feed bring what it should? Judged series by series from what its polls said; pure. */
import type { Calendar } from './model.ts'
import { publicationsDue } from './publications.ts'

export type FeedState = 'ok' | 'late' | 'failing' | 'frozen' | 'drifted' | 'disputed'

/** A series as the watch sees it; the thresholds are those of feeds.yaml. */
export interface Watched {
  series: string
  calendar: Calendar
  /** IANA zone of the venue */
  zone: string
  publication_lag_ms: number
  /** 'HH:MM' where the source gives only a date: such a price stands still by nature and comes once a trading day */
  fixing_time: string | null
  late_after: number
  frozen_after: number
  frozen_for_ms: number | null
}

/** What is remembered of a series from poll to poll. Times are epoch milliseconds. */
export interface Said {
  at: number
  /** null: it has not said anything yet */
  price: number | null
  /** since when, within one session, it has said this value */
  value_since: number
  /** since when, within one session, it has said this time; absent where an older version kept it */
  time_since?: number
  /** polls of one session, the first counted, with this value and this time */
  polls: number
  /** the poll before, on the source's time line */
  polled: number
  /** polls in a row that brought nothing while its venue was open */
  missed: number
  frozen: 'both' | 'value' | 'time' | null
  /** what another source of the instrument says instead; null when they agree, or cannot be compared */
  disputed: string | null
}

/** What a source may take after its venue opens until there is a first price. */
const SETTLING_MS = 15 * 60_000

/** Folds one poll that was understood: what it said of the series, or null for nothing. */
export function follow(
  watched: Watched,
  before: Said | undefined,
  quote: { at: number; price: number } | null,
  seen_at: number,
): Said {
  // On the source's time line: a delayed source still says the last price of the morning when the afternoon opens.
  const polled = seen_at - watched.publication_lag_ms
  if (before === undefined) return newlySaid(quote ?? { at: seen_at, price: null }, polled)
  const session = watched.calendar.sessionAt(polled)
  if (quote === null) return { ...before, missed: before.missed + missedNow(watched, session, polled) }
  const goesOn = session.open && before.polled >= session.from
  const sameTime = quote.at === before.at
  const time_since = goesOn && sameTime ? (before.time_since ?? polled) : polled
  if (quote.price !== before.price) {
    const moved = { ...newlySaid(quote, polled), time_since }
    const stuck = before.frozen === 'time' || (session.open && stoodFor(watched, polled - time_since))
    return { ...moved, frozen: sameTime && watched.fixing_time === null && stuck ? 'time' : null }
  }
  if (watched.fixing_time !== null) return { ...before, ...quote, polled, missed: 0 }
  const value_since = goesOn ? before.value_since : polled
  const polls = session.open && sameTime ? (goesOn ? before.polls : 0) + 1 : 1
  const said = { ...before, ...quote, polled, missed: 0, value_since, time_since, polls }
  return { ...said, frozen: frozenNow(watched, said, session.open, sameTime) }
}

function stoodFor({ frozen_for_ms }: Watched, stood_ms: number): boolean {
  return frozen_for_ms !== null && stood_ms >= frozen_for_ms
}

function newlySaid({ at, price }: Pick<Said, 'at' | 'price'>, polled: number): Said {
  return {
    at,
    price,
    value_since: polled,
    time_since: polled,
    polls: 1,
    polled,
    missed: 0,
    frozen: null,
    disputed: null,
  }
}

function missedNow(watched: Watched, session: { open: boolean; from: number }, polled: number): 0 | 1 {
  const isExpected = watched.fixing_time === null && session.open && polled - session.from >= SETTLING_MS
  return isExpected ? 1 : 0
}

/** What is frozen stays so until it moves: the end of a session is no recovery. */
function frozenNow(watched: Watched, said: Said, open: boolean, sameTime: boolean): Said['frozen'] {
  if (said.frozen === 'value' || (said.frozen !== null && sameTime)) return said.frozen
  if (!open) return null
  if (said.polls >= watched.frozen_after) return 'both'
  return stoodFor(watched, said.polled - said.value_since) ? 'value' : null
}

/** How a feed is: the series concerned, and why in words. */
export interface Health {
  state: FeedState
  series: string[]
  reason: string | null
}

export interface Polls {
  failures_in_row: number
  failing_after: number
  last_error: string | null
  last_error_kind: 'failed' | 'not_understood' | null
}

const WELL: Health = { state: 'ok', series: [], reason: null }

/** A few failures change nothing; otherwise the worst that holds, and of that every series. */
export function healthOf(
  watched: readonly Watched[],
  said: Readonly<Record<string, Said>>,
  polls: Polls,
  before: Health,
  now: number,
): Health {
  if (polls.failures_in_row >= polls.failing_after) {
    const state = polls.last_error_kind === 'not_understood' ? 'drifted' : 'failing'
    return { state, series: watched.map(({ series }) => series), reason: polls.last_error }
  }
  if (polls.failures_in_row > 0) return before
  for (const trouble of TROUBLES) {
    const found = watched.flatMap((each) => {
      const its = said[each.series]
      const reason = its === undefined ? null : trouble.find(each, its, now)
      return reason === null ? [] : [{ series: each.series, reason }]
    })
    if (found.length > 0) {
      const series = found.map((one) => one.series)
      return { state: trouble.state, series, reason: found.map(({ reason }) => reason).join('; ') }
    }
  }
  return WELL
}

interface Trouble {
  state: FeedState
  find(watched: Watched, said: Said, now: number): string | null
}

const TROUBLES: readonly Trouble[] = [
  { state: 'disputed', find: (_, { disputed }) => disputed },
  { state: 'frozen', find: frozenReason },
  { state: 'late', find: lateReason },
]

function frozenReason({ series }: Watched, said: Said): string | null {
  if (said.frozen === null) return null
  const since = new Date(said.frozen === 'value' ? said.value_since : said.at).toISOString()
  if (said.frozen === 'value') return `${series} says ${said.price} since ${since}, only its time moves`
  return `${series} says ${said.frozen === 'time' ? 'other prices' : said.price} of ${since} again and again`
}

function lateReason(watched: Watched, said: Said, now: number): string | null {
  const { series, late_after } = watched
  if (said.missed >= late_after) return `${series}: nothing in ${said.missed} polls while its venue is open`
  const due = publicationsDue(watched, said.at, late_after)
  return due === null || due > now
    ? null
    : `${series}: nothing since ${new Date(said.at).toISOString()}, ${late_after} publications missed`
}
