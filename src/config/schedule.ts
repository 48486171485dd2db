import { type CronExpression, CronExpressionParser } from 'cron-parser'
import { bareHost, holds, listOf } from '../http/addresses.ts'
import { counted } from '../text.ts'

/** enough runs to see the shortest distance of a schedule that has an hourly pattern, or one of the week */
const RUNS = 130
const SPAN_MS = 8 * 86_400_000
const SOME_DAY = new Date('2026-01-05T00:00:00Z')

/** What is wrong with a cron text of 5 or 6 fields, or with how often it polls; null when nothing is. */
export function scheduleProblem(cron: string, zone: string, least_ms: number): string | null {
  const fields = cron.trim().split(/\s+/).length
  if (fields !== 5 && fields !== 6)
    return `found ${counted(fields, 'field')} in "${cron}", expected cron with 5 or 6`
  try {
    const runs = CronExpressionParser.parse(cron, { tz: zone, currentDate: SOME_DAY })
    const shortest = least_ms === 0 ? 0 : shortestInterval(runs, 0)
    if (shortest >= least_ms) return null
    const expected = `expected at least ${least_ms / 1000} s between two polls of the real source`
    return `found ${shortest / 1000} s, ${expected} (one in allow_private may be polled faster)`
  } catch (error) {
    return `found "${cron}", expected cron such as "*/20 * * * * *": ${(error as Error).message}`
  }
}

/** Is the source the real one, which is polled politely? */
export function isReal(base_url: string | undefined, allow_private: string[]): boolean {
  const parsed = URL.parse(base_url ?? '')
  if (!parsed) return true
  return !/^localhost$|^127\.|^::1$/.test(bareHost(parsed)) && !holds(listOf(allow_private), bareHost(parsed))
}

/** Does a valid schedule ever run twice within so long? */
export function runsWithin(cron: string, zone: string, span_ms: number): boolean {
  const runs = CronExpressionParser.parse(cron, { tz: zone, currentDate: SOME_DAY })
  return shortestInterval(runs, span_ms) <= span_ms
}

/** Looks no further once it has found one that is short enough. */
function shortestInterval(runs: CronExpression, enough_ms: number): number {
  let last = runs.next().getTime()
  let shortest = Number.POSITIVE_INFINITY
  // a year of a yearly schedule takes the parser half a second
  const end = SOME_DAY.getTime() + SPAN_MS
  for (let run = 1; run < RUNS && last < end && shortest > enough_ms; run++) {
    const next = runs.next().getTime()
    shortest = Math.min(shortest, next - last)
    last = next
  }
  return shortest
}
