/** Hours in which alerts keep quiet, in the local time of a zone. */
import type { Calendar } from './model.ts'
import { openCalendar } from './session.ts'

/** `days` as in 'mon-fri'; 'HH:MM' to 'HH:MM', over midnight where `to` is not later than `from`. */
export interface MuteWindow {
  days: string
  from: string
  to: string
  /** IANA */
  zone: string
}

const ALWAYS_VALID = { from: '2000-01-01', to: '2199-12-31' }
const opened = new WeakMap<MuteWindow, Calendar>()

/** When the last of the windows that hold the instant ends; null outside of all of them. */
export function mutedUntil(windows: readonly MuteWindow[], instant: number): number | null {
  const ends = windows.flatMap((window) => {
    const { open, until } = calendarOf(window).sessionAt(instant)
    return open ? [until] : []
  })
  return ends.length === 0 ? null : Math.max(...ends)
}

function calendarOf(window: MuteWindow): Calendar {
  let calendar = opened.get(window)
  if (calendar === undefined) {
    const { days, from, to, zone } = window
    const sessions = [{ days, open: from, close: to }]
    calendar = openCalendar({
      calendar: 'mute',
      zone,
      sessions,
      closed: [],
      valid: ALWAYS_VALID,
      wanted: true,
    })
    opened.set(window, calendar)
  }
  return calendar
}
