/** What the database needs from time to time: partitions for ticks to come, and when venues are open. */
import type { Context } from '../context.ts'
import type { Calendar } from '../engine/model.ts'
import { DAY_MS } from '../engine/zone.ts'
import { ensureTickPartitions } from '../store/partitions.ts'
import { saveSessions, type VenueSession } from '../store/sessions.ts'

/** Partitions from this month to three months ahead, sessions from a month ago to a month ahead. */
export async function upkeep(context: Pick<Context, 'config' | 'database' | 'now'>): Promise<void> {
  const now = context.now()
  const ahead = new Date(now)
  ahead.setUTCMonth(ahead.getUTCMonth() + 3)
  await ensureTickPartitions(context.database, now, ahead)
  const [from, to] = [now.getTime() - 31 * DAY_MS, now.getTime() + 31 * DAY_MS]
  const calendars = Object.entries(context.config.calendars)
  await saveSessions(
    context.database,
    calendars.flatMap(([name, calendar]) => sessionsOf(name, calendar, from, to)),
  )
}

/** The sessions of a calendar that touch [from, to), cut to it. */
export function sessionsOf(name: string, calendar: Calendar, from: number, to: number): VenueSession[] {
  const sessions: VenueSession[] = []
  for (let instant = from; instant < to; ) {
    const span = calendar.sessionAt(instant)
    const until = Math.min(span.until, to)
    if (span.open) {
      sessions.push({ calendar: name, open: new Date(Math.max(span.from, from)), close: new Date(until) })
    }
    instant = until
  }
  return sessions
}
