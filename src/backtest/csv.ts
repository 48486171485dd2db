/** Breaches as CSV, for a spreadsheet. */
import { text6 } from '../engine/round.ts'
import type { Report } from './backtest.ts'

const HEADER =
  'rule,pair,measure,unit,began_at,raised_at,value,severity,peak,cleared_at,cleared_value,reason,end'

export function breachesCsv({ rules }: Report): string[] {
  const iso = (time: number | null) => (time === null ? '' : new Date(time).toISOString())
  const rows = rules.flatMap(({ rule, pair, measure, unit, breaches }) =>
    breaches.map((breach) => [
      ...[rule, pair, measure, unit, iso(breach.began_at), iso(breach.raised_at), text6(breach.value)],
      ...[breach.severity, text6(breach.peak), iso(breach.cleared_at)],
      breach.cleared_value === null ? '' : text6(breach.cleared_value),
      ...[breach.reason, breach.end ?? ''],
    ]),
  )
  return [HEADER, ...rows.map((row) => row.join(','))]
}
