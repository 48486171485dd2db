const CAP_MS = 3_600_000
// Date.parse takes '7.5' for a day in July, and times without a zone for local ones.
const DATE = /:\d\d( GMT|Z)$/

/** The wait that a Retry-After header asks for (seconds or a date), at most one hour; null where it says nothing. */
export function retryAfterMs(headers: Record<string, string>, now: Date): number | null {
  const text = headers['retry-after']?.trim() ?? ''
  const wait = waitOf(text, now)
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), CAP_MS)
}

function waitOf(text: string, now: Date): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000
  return DATE.test(text) ? Date.parse(text) - now.getTime() : Number.NaN
}
