import type { Attempt } from '../channels/channel.ts'
import { minutes } from './format.ts'
import type { Reader } from './reader.ts'

const LATE_MS = 2 * 60_000
const MINUTE_MS = 60_000

/** What is not known before the attempt, as closing lines: that the message may be a repeat, that it comes late. */
export function closing({ maybe_repeated, at, moment }: Attempt, { time_zone }: Reader): string[] {
  const late_ms = at.getTime() - moment.getTime()
  return [
    ...(late_ms >= LATE_MS
      ? [`(late: this was at ${minutes(moment.toISOString(), time_zone)}, ${lasting(late_ms)} ago)`]
      : []),
    ...(maybe_repeated ? ['(sent again: an earlier attempt may have arrived)'] : []),
  ]
}

function lasting(ms: number): string {
  const total = Math.round(ms / MINUTE_MS)
  const [hours, rest] = [Math.floor(total / 60), total % 60]
  if (hours >= 48) return `${Math.round(hours / 24)} days`
  return hours === 0 ? `${rest} min` : `${hours} h ${rest} min`
}
