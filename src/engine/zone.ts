/** Local dates and clocks of IANA zones. Every answer is memoised per zone and day, so that an event costs nanoseconds. */

export const DAY_MS = 86_400_000

interface Zone {
  format: Intl.DateTimeFormat
  /** by UTC day: the offset that holds all day, or null on a day with a clock change */
  offsets: Map<number, number | null>
  /** the day that was asked for last, and its offset */
  day: number
  offset: number | null
}

const zones = new Map<string, Zone>()
const texts = new Map<number, string>()

/** True for a name that `Intl` knows, e.g. `Europe/London`; offsets such as `+08:00` are no zones. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    zoneOf(name)
    return true
  } catch {
    return false
  }
}

/** How many ms the clocks of `zone` are ahead of UTC at `instant`. Throws RangeError for an unknown zone. */
export function offsetAt(zone: string, instant: number): number {
  const known = zoneOf(zone)
  const day = Math.floor(instant / DAY_MS)
  if (day !== known.day) {
    known.offset = offsetOfDay(known, day)
    known.day = day
  }
  return known.offset ?? readOffset(known, instant)
}

/** The local date 'YYYY-MM-DD' at `instant`. */
export function dateIn(zone: string, instant: number): string {
  return dateText(localDay(zone, instant))
}

/** The local day at `instant`, as whole days since 1970-01-01. */
export function localDay(zone: string, instant: number): number {
  return Math.floor((instant + offsetAt(zone, instant)) / DAY_MS)
}

/**
 * The instant at which the clocks of `zone` show `time` ('HH:MM', up to '24:00') on `date` ('YYYY-MM-DD'). A time that
 * occurs twice is its first occurrence; one that a clock change skips is as much later as the clocks were moved.
 */
export function instantOf(zone: string, date: string, time: string): number {
  return instantAt(zone, dayNumber(date), minutesOf(time))
}

/** The same for a day number and minutes since local midnight, which may exceed a day. */
export function instantAt(zone: string, day: number, minutes: number): number {
  const local = day * DAY_MS + minutes * 60_000
  const before = offsetAt(zone, local - DAY_MS)
  const after = offsetAt(zone, local + DAY_MS)
  const early = local - before
  if (before === after || offsetAt(zone, early) === before) return early
  const late = local - after
  return offsetAt(zone, late) === after ? late : early
}

/** The first instant from which on the clocks show that time or a later one: of a time that is skipped the change itself. */
export function firstFrom(zone: string, day: number, minutes: number): number {
  let instant = instantAt(zone, day, minutes)
  const offset = offsetAt(zone, instant)
  const skipped = instant + offset > day * DAY_MS + minutes * 60_000
  while (skipped && offsetAt(zone, instant - 60_000) === offset) instant -= 60_000
  return instant
}

/** 'HH:MM' as minutes. */
export function minutesOf(time: string): number {
  const digit = (i: number) => time.charCodeAt(i) - 48
  return (digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4)
}

/** 'YYYY-MM-DD' as whole days since 1970-01-01. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS
}

/** Whole days since 1970-01-01 as 'YYYY-MM-DD'. */
export function dateText(day: number): string {
  let text = texts.get(day)
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10)
    texts.set(day, text)
  }
  return text
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

function zoneOf(name: string): Zone {
  let zone = zones.get(name)
  if (!zone) {
    zone = {
      format: new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' }),
      offsets: new Map(),
      day: Number.NaN,
      offset: null,
    }
    zones.set(name, zone)
  }
  return zone
}

function offsetOfDay(zone: Zone, day: number): number | null {
  let offset = zone.offsets.get(day)
  if (offset === undefined) {
    const first = readOffset(zone, day * DAY_MS)
    offset = first === readOffset(zone, (day + 1) * DAY_MS) ? first : null
    zone.offsets.set(day, offset)
  }
  return offset
}

/** `Intl` says '1/29/2026, GMT+08:00', and for no offset 'GMT+00:00' or plain 'GMT'. */
function readOffset(zone: Zone, instant: number): number {
  const text = zone.format.format(instant)
  const shown = text.slice(text.indexOf('GMT') + 3)
  const size = minutesOf(shown.slice(1)) * 60_000
  return shown.startsWith('-') ? -size : size
}
