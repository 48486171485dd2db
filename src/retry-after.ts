const CAP_MS = 3_600_000

/** The wait that a Retry-After header asks for (seconds or a date), at most one hour; null where it says nothing. */
export function retryAfterMs(headers: Record<string, string>, now: Date): number | null {
  const text = headers['retry-after']?.trim()
  if (!text) return null
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime()
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), CAP_MS)
}
