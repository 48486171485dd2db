/** A backtest on paper: figures first, a small chart, each breach on a line, and what was not compared. */
import { span, utc } from '../command-line/words.ts'
import { type Align, columns } from '../table.ts'
import { counted } from '../text.ts'
import type { PairReport, Report, RuleReport } from './backtest.ts'
import type { Comparison } from './compare.ts'

const MOST_BREACHES = 20
const MOST_MONTHS = 36
const WIDEST_BAR = 40

export function reportText({ pairs, rules }: Report): string[] {
  return pairs.flatMap((pair) => [
    ...pairText(pair),
    ...rules
      .filter((rule) => rule.pair === pair.pair && pair.from !== null)
      .flatMap((rule) => ['', ...ruleText(rule)]),
    '',
  ])
}

function pairText(pair: PairReport): string[] {
  if (pair.from === null || pair.to === null)
    return [
      `${pair.pair}: no prices of ${pair.series.join(', ')} in what was looked at. metalgap import brings history.`,
    ]
  const counts = `${counted(pair.ticks, 'price')}, ${counted(pair.observations, 'observation')}`
  const rest = [
    pair.late > 0 ? `${number(pair.late)} late` : '',
    pair.corrections > 0 ? `${number(pair.corrections)} corrected` : '',
    pair.quarantined > 0 ? `${counted(pair.quarantined, 'price')} not believed` : '',
  ].filter((part) => part !== '')
  const whole = pair.to - pair.from
  const rows = pair.suppressed.map(({ why, spells, ms, ticks }) => [
    `  ${why}`,
    counted(spells, 'spell'),
    span(ms),
    `${((100 * ms) / Math.max(1, whole)).toFixed(1)} %`,
    counted(ticks, 'price'),
  ])
  return [
    `${pair.pair}, ${day(pair.from)} to ${day(pair.to)}: ${[counts, ...rest].join(', ')}`,
    ...(rows.length > 0 ? ['not compared, so nothing was raised or cleared:'] : []),
    ...columns(rows, ['left', 'right', 'right', 'right', 'right']),
  ]
}

function ruleText(rule: RuleReport): string[] {
  return [
    `${rule.rule}: ${rule.measure} ${rule.direction} ${rule.raise} ${rule.unit}, clear at ${rule.clear}`,
    `  ${counted(rule.alerts, 'alert')}, ${figure(rule.alerts_per_month)} a month; ${number(rule.flaps)} raised again within a day of the clear`,
    `  raised ${span(rule.raised_ms)} in all, ${(100 * rule.raised_share).toFixed(1)} % of the time; the longest ${span(rule.longest_ms)}`,
    ...budgetText(rule),
    ...chart(rule.months),
    ...breachText(rule),
  ]
}

function budgetText({ budget, raise, clear }: RuleReport): string[] {
  if (budget === null) return []
  const alerts = `${counted(budget.alerts, 'alert')}, ${figure(budget.alerts_per_month)} a month`
  const short = budget.kept ? '' : '; no bound keeps to it, this is the furthest'
  return [
    `  at most ${figure(budget.asked_per_month)} a month: raise ${budget.raise}, clear ${budget.clear} (${alerts}${short}); now ${raise} and ${clear}`,
    ...budget.levels.map((level) => {
      const move = level.beyond ? 'left as it is' : `must move beyond ${budget.raise}`
      return `    level ${level.severity} at ${level.raise}: ${counted(level.alerts, 'alert')} by itself, ${move}`
    }),
  ]
}

/** Months while they fit, else years. */
function chart(months: RuleReport['months']): string[] {
  const byYear = new Map<string, number>()
  for (const { month, alerts } of months) {
    const name = months.length > MOST_MONTHS ? month.slice(0, 4) : month
    byYear.set(name, (byYear.get(name) ?? 0) + alerts)
  }
  const most = Math.max(1, ...byYear.values())
  return [...byYear].map(([name, alerts]) => {
    const bar = '█'.repeat(Math.ceil((alerts / most) * Math.min(most, WIDEST_BAR)))
    return `  ${name}  ${bar}${bar === '' ? '' : ' '}${alerts}`
  })
}

function breachText({ breaches }: RuleReport): string[] {
  if (breaches.length === 0) return []
  const head = ['  RAISED (UTC)', 'AT', 'SEVERITY', 'PEAK', 'CLEARED (UTC)', 'AFTER', 'WHY']
  const rows = breaches
    .slice(-MOST_BREACHES)
    .map((breach) => [
      `  ${utc(new Date(breach.raised_at))}`,
      breach.value.toFixed(2),
      breach.severity,
      breach.peak.toFixed(2),
      breach.cleared_at === null ? 'still raised' : utc(new Date(breach.cleared_at)),
      breach.cleared_at === null ? '' : span(breach.cleared_at - breach.raised_at),
      breach.end === null ? breach.reason : `${breach.reason}, ${breach.end}`,
    ])
  const align: Align[] = ['left', 'right', 'left', 'right', 'left', 'right', 'left']
  const left = breaches.length - rows.length
  return [
    ...columns([head, ...rows], align),
    ...(left > 0 ? [`  the newest ${rows.length}; ${number(left)} more with --json or --csv-out`] : []),
  ]
}

export function comparisonText(
  comparisons: readonly Comparison[],
  names: readonly [string, string],
): string[] {
  return comparisons.flatMap(({ rule, ours, theirs, only_ours, only_theirs }) => {
    const row = (title: string, cell: (report: RuleReport) => string) => [
      `  ${title}`,
      ours === null ? '-' : cell(ours),
      theirs === null ? '-' : cell(theirs),
    ]
    const rows = [
      [rule, ...names],
      row('raise', ({ raise, unit }) => `${raise} ${unit}`),
      row('clear', ({ clear, unit }) => `${clear} ${unit}`),
      row('alerts', ({ alerts }) => number(alerts)),
      row('a month', ({ alerts_per_month }) => figure(alerts_per_month)),
      row('flaps', ({ flaps }) => number(flaps)),
      row('raised', ({ raised_share }) => `${(100 * raised_share).toFixed(1)} %`),
      row('longest', ({ longest_ms }) => span(longest_ms)),
      row('in both', (side) => number(side.alerts - (side === ours ? only_ours : only_theirs).length)),
      row('only here', (side) => number((side === ours ? only_ours : only_theirs).length)),
    ]
    return [...columns(rows, ['left', 'right', 'right']), '']
  })
}

function day(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}

function number(count: number): string {
  return count.toLocaleString('en')
}

function figure(value: number): string {
  return String(Math.round(value * 100) / 100)
}
