/** When a venue trades: sessions in local time, closed days, and nights that belong to the next trading day. */
import type { Calendar, Session } from './model.ts'
import { dateText, dayNumber, firstFrom, instantAt, localDay, minutesOf, weekdayOf } from './zone.ts'

/** One session of each of its days; `days` as in 'mon-fri', 'sun', 'mon,wed-fri'; times 'HH:MM', close up to '24:00'. */
interface SessionSpec {
  days: string
  open: string
  close: string
  /** `next`: the session is the beginning of the next trading day, and falls away with it */
  belongs_to?: 'same' | 'next'
}

/** The facts of config/calendars/<venue>.yaml. Dates are 'YYYY-MM-DD' in `zone`. */
export interface CalendarSpec {
  calendar: string
  zone: string
  sessions: readonly SessionSpec[]
  closed: readonly string[]
  valid: { from: string; to: string }
  /** hours that people want: where a clock change skips an end, it is the moment of the change, and none is swallowed whole */
  wanted?: true
}

interface Compiled {
  zone: string
  sessions: { weekdays: Set<number>; open: number; close: number; next: boolean }[]
  /** weekdays that can be trading days: what "the next trading day" is counted in */
  trading: Set<number>
  closed: Set<string>
  lastDay: number
  end: number
  wanted: boolean
}

type Interval = ReturnType<Calendar['sessionAt']>

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
/** the ends of time that Date can say */
const FOREVER = 8.64e15
/** how many days around an instant are laid out, until its interval is seen whole */
const REACHES = [3, 16, 400]

/** Never closed, for venues without sessions. */
export const always: Calendar = {
  calendar: 'always',
  zone: 'UTC',
  sessionAt: () => ALWAYS_OPEN,
  valid: null,
}
const ALWAYS_OPEN: Interval = { open: true, from: -FOREVER, until: FOREVER }

/**
 * A calendar that answers fastest when asked in the order of time. Before `valid.from` it knows weekdays only (history
 * has no prices on holidays anyway); after `valid.to` it is closed, because an unknown holiday would make false numbers.
 */
export function openCalendar(spec: CalendarSpec): Calendar {
  const compiled = compile(spec)
  let current: Interval = { open: false, from: 0, until: 0 }
  return {
    calendar: spec.calendar,
    zone: spec.zone,
    valid: { from: instantAt(spec.zone, dayNumber(spec.valid.from), 0), to: compiled.end },
    sessionAt(instant) {
      if (instant < current.from || instant >= current.until) current = intervalAt(compiled, instant)
      return current
    },
  }
}

/** 'mon-fri' as weekday numbers, 0 is Sunday; null where it cannot be read. A range may wrap: 'sun-thu', 'fri-mon'. */
export function weekdaysOf(text: string): Set<number> | null {
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [first = '', last = first, ...rest] = part.trim().split('-')
    const from = WEEKDAYS.indexOf(first)
    const to = WEEKDAYS.indexOf(last)
    if (from < 0 || to < 0 || rest.length > 0) return null
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === to) break
    }
  }
  return days
}

function compile(spec: CalendarSpec): Compiled {
  const sessions = spec.sessions.map((session) => {
    const open = minutesOf(session.open)
    const close = minutesOf(session.close)
    return {
      weekdays: weekdaysOf(session.days) ?? new Set<number>(),
      open,
      close: close <= open ? close + 24 * 60 : close,
      next: session.belongs_to === 'next',
    }
  })
  const days = sessions.filter((session) => !session.next).flatMap((session) => [...session.weekdays])
  const lastDay = dayNumber(spec.valid.to)
  return {
    zone: spec.zone,
    sessions,
    trading: new Set(days.length > 0 ? days : [1, 2, 3, 4, 5]),
    closed: new Set(spec.closed),
    lastDay,
    end: instantAt(spec.zone, lastDay + 1, 0),
    wanted: spec.wanted ?? false,
  }
}

function intervalAt(compiled: Compiled, instant: number): Interval {
  if (instant >= compiled.end) return { open: false, from: compiled.end, until: FOREVER }
  const day = localDay(compiled.zone, instant)
  let interval: Interval = { open: false, from: instant, until: instant }
  for (const reach of REACHES) {
    const first = instantAt(compiled.zone, day - reach, 0)
    const last = Math.min(instantAt(compiled.zone, day + reach + 1, 0), compiled.end)
    interval = intervalAmong(sessionsOf(compiled, day - reach - 1, day + reach), instant, first, last)
    const whole = interval.from > first && (interval.until < last || last === compiled.end)
    if (whole) break
  }
  return interval
}

/** The session that holds the instant, or the gap around it, cut at the ends of what is laid out. */
function intervalAmong(sessions: Session[], instant: number, first: number, last: number): Interval {
  let from = first
  for (const session of sessions) {
    if (session.close <= instant) from = Math.max(from, session.close)
    else if (session.open > instant) return { open: false, from, until: Math.min(session.open, last) }
    else return { open: true, from: Math.max(session.open, first), until: Math.min(session.close, last) }
  }
  return { open: false, from, until: last }
}

/** Sessions of a span of days in order, joined where one follows on another without a gap. */
function sessionsOf(compiled: Compiled, firstDay: number, lastDay: number): Session[] {
  const sessions: Session[] = []
  for (let day = firstDay; day <= lastDay; day++) sessions.push(...sessionsOn(compiled, day))
  sessions.sort((a, b) => a.open - b.open)
  return sessions.reduce<Session[]>((joined, session) => {
    const previous = joined.at(-1)
    if (previous && session.open <= previous.close) previous.close = Math.max(previous.close, session.close)
    else joined.push(session)
    return joined
  }, [])
}

function sessionsOn(compiled: Compiled, day: number): Session[] {
  if (compiled.closed.has(dateText(day))) return []
  return compiled.sessions
    .filter((session) => session.weekdays.has(weekdayOf(day)))
    .filter((session) => !session.next || opensAfter(compiled, day))
    .map((session) =>
      compiled.wanted ? wantedOn(compiled.zone, day, session) : spanOn(compiled.zone, day, session),
    )
    .filter((session) => session.open < session.close) // a clock change can swallow a session whole
}

type Hours = Compiled['sessions'][number]

function spanOn(zone: string, day: number, { open, close }: Hours): Session {
  return { open: instantAt(zone, day, open), close: instantAt(zone, day, close) }
}

function wantedOn(zone: string, day: number, hours: Hours): Session {
  const open = firstFrom(zone, day, hours.open)
  const close = firstFrom(zone, day, hours.close)
  return { open, close: close > open ? close : open + (hours.close - hours.open) * 60_000 }
}

/** Is the next day that could be a trading day one? Friday night belongs to Monday and falls away with it. */
function opensAfter(compiled: Compiled, day: number): boolean {
  let next = day + 1
  while (!compiled.trading.has(weekdayOf(next))) next++
  return next <= compiled.lastDay && !compiled.closed.has(dateText(next))
}
