/** Wall-clock times of the venues, from IANA zones alone: the simulator shares no date code with what it tests. */

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  // sv-SE writes ISO dates
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(zone, made)
  return made
}

/** The wall clock in `zone`: `{ date: '2026-01-29', time: '15:00:46' }`. */
export function localTime(instant: number, zone: string): { date: string; time: string } {
  const [date = '', time = ''] = formatOf(zone).format(instant).split(' ')
  return { date, time }
}

/** The instant at which a clock in `zone` shows `date` (YYYY-MM-DD) and `time` (HH:MM or HH:MM:SS). */
export function instantOf(date: string, time: string, zone: string): number {
  const wanted = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`)
  const first = wanted - offsetAt(wanted, zone)
  return wanted - offsetAt(first, zone)
}

function offsetAt(instant: number, zone: string): number {
  const { date, time } = localTime(instant, zone)
  return Date.parse(`${date}T${time}Z`) - Math.floor(instant / 1000) * 1000
}
