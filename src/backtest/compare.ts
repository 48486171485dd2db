/** Two rule sets over the same history, side by side. */
import type { Report, RuleReport } from './backtest.ts'
import type { Breach } from './run.ts'

export interface Comparison {
  rule: string
  /** null where that configuration has no such rule */
  ours: RuleReport | null
  theirs: RuleReport | null
  /** breaches that overlap one of the other side */
  both: number
  only_ours: Breach[]
  only_theirs: Breach[]
}

/** Rules are matched by name; `theirs` is what ours is held against. */
export function compare(ours: Report, theirs: Report): Comparison[] {
  const names = new Set([...ours.rules, ...theirs.rules].map(({ rule }) => rule))
  return [...names].map((rule) => {
    const here = ours.rules.find((one) => one.rule === rule) ?? null
    const there = theirs.rules.find((one) => one.rule === rule) ?? null
    const only_ours = without(here?.breaches ?? [], there?.breaches ?? [])
    const only_theirs = without(there?.breaches ?? [], here?.breaches ?? [])
    const both = (here?.breaches.length ?? 0) - only_ours.length
    return { rule, ours: here, theirs: there, both, only_ours, only_theirs }
  })
}

function without(breaches: readonly Breach[], others: readonly Breach[]): Breach[] {
  return breaches.filter((breach) => !others.some((other) => overlap(breach, other)))
}

function overlap(a: Breach, b: Breach): boolean {
  const end = ({ cleared_at }: Breach) => cleared_at ?? Number.POSITIVE_INFINITY
  return a.raised_at <= end(b) && b.raised_at <= end(a)
}
