/** Every rule of a configuration over the history of its pair. */
import type { Config, Rule } from '../config.ts'
import type { PairSpec } from '../engine/spec.ts'
import { UserError } from '../errors.ts'
import { unitOf } from '../measure.ts'
import { didYouMean } from '../nearest.ts'
import { compilePairs } from '../pairs.ts'
import { type Budgeted, boundsFor } from './budget.ts'
import { type Figures, figuresOf } from './figures.ts'
import { type Breach, type PairRun, runPair } from './run.ts'
import { type Source, seriesOf } from './source.ts'

export interface RuleReport extends Figures {
  rule: string
  pair: string
  measure: string
  direction: 'above' | 'below'
  /** 'USD/oz', '%', 'percentile' or 'σ' */
  unit: string
  /** as written */
  raise: string
  clear: string
  breaches: Breach[]
  /** the bounds that keep to an asked for noise */
  budget: Budgeted | null
}

export interface PairReport extends Omit<PairRun, 'breaches'> {
  /** what its prices are those of */
  series: string[]
}

export interface Report {
  /** of the configuration */
  version: string
  pairs: PairReport[]
  rules: RuleReport[]
}

export interface Wishes {
  /** null: all */
  rule: string | null
  /** alerts a month; null: not asked */
  budget: number | null
}

export async function backtest(config: Config, source: Source, wishes: Wishes): Promise<Report> {
  const wanted = rulesOf(config, wishes.rule)
  const report: Report = { version: config.version, pairs: [], rules: [] }
  for (const spec of Object.values(compilePairs(config))) {
    const rules = wanted.filter(({ pair }) => pair === spec.pair)
    if (rules.length === 0) continue
    const asked = { ...spec, rules: spec.rules.filter(({ rule }) => rules.some((one) => one.rule === rule)) }
    const { breaches, ...run } = await runPair(asked, source)
    report.pairs.push({ ...run, series: seriesOf(spec) })
    for (const rule of rules)
      report.rules.push(await reportOn(config, asked, source, rule, { ...run, breaches }, wishes.budget))
  }
  return report
}

function rulesOf(config: Config, name: string | null): Rule[] {
  const all = Object.values(config.rules)
  const rules = all.filter(({ rule, enabled }) => (name === null ? enabled : rule === name))
  if (rules.length > 0) return rules
  const names = all.map(({ rule }) => rule)
  if (name === null) throw new UserError('The configuration has no enabled rule.')
  throw new UserError(`There is no rule "${name}"${didYouMean(name, names)}. Rules: ${names.join(', ')}`)
}

async function reportOn(
  config: Config,
  spec: PairSpec,
  source: Source,
  rule: Rule,
  run: PairRun,
  budget: number | null,
): Promise<RuleReport> {
  const breaches = run.breaches.filter((breach) => breach.rule === rule.rule)
  const [from, to] = [run.from ?? 0, run.to ?? 0]
  const compiled = spec.rules.find((one) => one.rule === rule.rule)
  return {
    rule: rule.rule,
    pair: rule.pair,
    measure: rule.measure,
    direction: rule.direction,
    unit: unitOf(rule.measure, config.pairs[rule.pair]?.unit ?? '?'),
    raise: rule.raise,
    clear: rule.clear,
    ...figuresOf(breaches, from, to),
    ...(run.from === null && { months: [] }),
    breaches,
    budget:
      budget === null || compiled === undefined || run.to === null
        ? null
        : await boundsFor({ ...spec, rules: [] }, compiled, source, { budget, from, to }),
  }
}
