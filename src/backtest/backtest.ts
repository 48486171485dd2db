/** Every rule of a configuration over the history of its pair. */
import type { Config, Rule } from '../config.ts'
import type { PairSpec } from '../engine/spec.ts'
import { UserError } from '../errors.ts'
import { compilePairs } from '../evaluation/pairs.ts'
import { unitOf } from '../measure.ts'
import { noSuch } from '../nearest.ts'
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
  /** the configuration that it is held against has such a rule */
  may_lack?: boolean
}

/** A rule that is asked for by name is told even where it, or its pair, is switched off. */
export async function backtest(given: Config, source: Source, wishes: Wishes): Promise<Report> {
  const config = switchedOn(given, wishes.rule)
  const wanted = rulesOf(config, wishes.rule)
  if (wanted.length === 0 && wishes.may_lack !== true) throw noRule(config, wishes.rule)
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

function switchedOn(config: Config, name: string | null): Config {
  const rule = config.rules[name ?? '']
  const pair = config.pairs[rule?.pair ?? '']
  if (rule === undefined || pair === undefined) return config
  return {
    ...config,
    rules: { ...config.rules, [rule.rule]: { ...rule, enabled: true } },
    pairs: { ...config.pairs, [pair.pair]: { ...pair, enabled: true } },
  }
}

/** Those that are told: of that name, or where it is null all that are switched on. */
export function rulesOf({ rules, pairs }: Config, name: string | null): Rule[] {
  const isOn = ({ enabled, pair }: Rule) => enabled && pairs[pair]?.enabled === true
  return Object.values(rules).filter((rule) => (name === null ? isOn(rule) : rule.rule === name))
}

function noRule({ rules }: Config, name: string | null): UserError {
  if (name === null)
    return new UserError('The configuration has no rule that is switched on; --rule tells one that is not.')
  return noSuch('rule', name, Object.keys(rules))
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
