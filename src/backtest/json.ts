/** A report for programs: times as ISO text, prices as text. */
import { text6 } from '../engine/round.ts'
import type { Report } from './backtest.ts'
import type { Comparison } from './compare.ts'
import type { Breach } from './run.ts'

export function reportJson({ version, pairs, rules }: Report) {
  return {
    version,
    pairs: pairs.map((pair) => ({ ...pair, from: iso(pair.from), to: iso(pair.to) })),
    rules: rules.map((rule) => ({ ...rule, breaches: rule.breaches.map(breachJson) })),
  }
}

export function comparisonJson(comparisons: readonly Comparison[]) {
  return comparisons.map(({ rule, both, only_ours, only_theirs }) => ({
    rule,
    both,
    only_here: only_ours.map(breachJson),
    only_there: only_theirs.map(breachJson),
  }))
}

function breachJson(breach: Breach) {
  return {
    ...breach,
    began_at: iso(breach.began_at),
    raised_at: iso(breach.raised_at),
    cleared_at: iso(breach.cleared_at),
    value: text6(breach.value),
    peak: text6(breach.peak),
    cleared_value: breach.cleared_value === null ? null : text6(breach.cleared_value),
    steps: breach.steps.map((step) => ({ ...step, time: iso(step.time), value: text6(step.value) })),
  }
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
