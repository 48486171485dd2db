import type { Calendar } from '../engine/model.ts'
import { always, type CalendarSpec, openCalendar } from '../engine/session.ts'
import { at, check, own } from './check.ts'
import type { Document, Path } from './document.ts'
import type { Documents } from './documents.ts'
import { eachOf } from './references.ts'
import { calendarFile } from './schema/calendars.ts'
import { date } from './schema/words.ts'

const WARN_AHEAD_MS = 30 * 86_400_000

export interface Calendars {
  specs: Record<string, CalendarSpec>
  opened: Record<string, Calendar>
  /** also those that could not be read */
  names: string[]
}

/** The folder's calendars, then those shipped with the program that the folder does not replace, then `always`. */
export function resolveCalendars(documents: Documents): Calendars {
  const specs: Record<string, CalendarSpec> = {}
  const names = new Set(['always'])
  for (const document of documents.calendars) {
    const spec = readCalendar(document)
    const written = at(document.written, ['calendar'])
    if (typeof written === 'string') names.add(written)
    if (!spec) continue
    if (spec.calendar === 'always')
      document.report(['calendar'], 'found "always", which is built in, expected another name')
    else if (own(specs, spec.calendar))
      document.report(['calendar'], `found a second calendar "${spec.calendar}", expected one file for each`)
    else specs[spec.calendar] = spec
  }
  for (const document of documents.shippedCalendars) {
    const spec = readCalendar(document)
    if (spec && !names.has(spec.calendar)) specs[spec.calendar] = spec
  }
  const opened: Record<string, Calendar> = { always }
  for (const spec of Object.values(specs)) opened[spec.calendar] = openCalendar(spec)
  return { specs, opened, names: [...new Set([...names, ...Object.keys(specs)])] }
}

/** A calendar that has run out or is about to, among those that are used. */
export function calendarWarnings(calendars: readonly Calendar[], now: Date): string[] {
  return calendars.flatMap(({ calendar, valid }) => {
    if (!valid || now.getTime() < valid.to - WARN_AHEAD_MS) return []
    const runsOut = new Date(valid.to).toISOString()
    const state =
      now.getTime() < valid.to
        ? `runs out at ${runsOut}`
        : `ran out at ${runsOut}: its venue counts as closed`
    return `calendar ${calendar} ${state}; add the holidays that follow to calendars/${calendar}.yaml and move valid.to`
  })
}

function readCalendar(document: Document): CalendarSpec | null {
  const spec = check(calendarFile, document)
  checkDays(document)
  if (!spec) return null
  const { calendar, zone, sessions, closed, valid } = spec
  return { calendar, zone, sessions, closed, valid }
}

function checkDays(document: Document): void {
  const dayAt = (path: Path) => date.safeParse(at(document.written, path)).data
  const [from = '', to = '9'] = [dayAt(['valid', 'from']), dayAt(['valid', 'to'])]
  if (to < from) document.report(['valid', 'to'], `found ${to}, expected a date after ${from}`)
  const closed = eachOf(document, ['closed']).map((path) => ({ path, day: dayAt(path) }))
  closed.forEach(({ path, day }, index) => {
    if (day === undefined) return
    if (closed.findIndex((other) => other.day === day) < index) document.report(path, `found ${day} twice`)
    if (day < from || day > to)
      document.report(path, `found ${day}, expected a date inside valid (${from} to ${to})`)
  })
}
