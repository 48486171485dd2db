/** What the breaches of a rule add up to. */
import type { Breach } from './run.ts'

export const MONTH_MS = 30.4375 * 86_400_000
/** Raised again within this time of its clear: a flap. */
const FLAP_MS = 86_400_000

export interface Figures {
  alerts: number
  alerts_per_month: number
  flaps: number
  raised_ms: number
  /** of the whole time, 0 to 1 */
  raised_share: number
  longest_ms: number
  /** calendar months in UTC, those without an alert included */
  months: { month: string; alerts: number }[]
}

/** `from` and `to` are the ends of the history; a breach that is still raised, or that a later correction ends, lasts to its end. */
export function figuresOf(breaches: readonly Breach[], from: number, to: number): Figures {
  const lengths = breaches.map(({ raised_at, cleared_at }) =>
    Math.max(0, Math.min(cleared_at ?? to, to) - raised_at),
  )
  const raised_ms = lengths.reduce((sum, length) => sum + length, 0)
  const flaps = breaches.filter((breach, i) => {
    const before = breaches[i - 1]?.cleared_at
    return before != null && breach.raised_at - before <= FLAP_MS
  })
  const span = Math.max(1, to - from)
  return {
    alerts: breaches.length,
    alerts_per_month: round(perMonth(breaches.length, from, to)),
    flaps: flaps.length,
    raised_ms,
    raised_share: round(raised_ms / span),
    longest_ms: Math.max(0, ...lengths),
    months: monthsOf(breaches, from, to),
  }
}

/** Less than a month counts as one. */
export function perMonth(alerts: number, from: number, to: number): number {
  return alerts / Math.max(1, (to - from) / MONTH_MS)
}

function monthsOf(breaches: readonly Breach[], from: number, to: number): Figures['months'] {
  const counts = new Map<string, number>()
  const first = new Date(from)
  for (let time = Date.UTC(first.getUTCFullYear(), first.getUTCMonth()); time <= to; ) {
    const month = new Date(time)
    counts.set(nameOf(time), 0)
    time = Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1)
  }
  for (const { raised_at } of breaches)
    counts.set(nameOf(raised_at), (counts.get(nameOf(raised_at)) ?? 0) + 1)
  return [...counts].map(([month, alerts]) => ({ month, alerts }))
}

function nameOf(time: number): string {
  return new Date(time).toISOString().slice(0, 7)
}

function round(figure: number): number {
  return Math.round(figure * 10_000) / 10_000
}
