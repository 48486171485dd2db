/** From what operators wrote to what the engine reads. */
import { createHash } from 'node:crypto'
import { byName } from '../by-name.ts'
import type { Config, Leg, Pair, Rule } from '../config.ts'
import type { Calendar, MassUnit } from '../engine/model.ts'
import type { LegSpec, PairSpec, RuleSpec } from '../engine/spec.ts'
import { taxSteps } from '../engine/tax.ts'
import { unitFactor } from '../engine/units.ts'
import { readMeasure } from '../measure.ts'
import { interned } from './interned.ts'

/** Every enabled pair, compiled. The configuration has been checked: what is missing here is a mistake of ours. */
export function compilePairs(config: Config): Record<string, PairSpec> {
  const specs = byName<PairSpec>({})
  for (const pair of Object.values(config.pairs))
    if (pair.enabled) specs[pair.pair] = compilePair(config, pair)
  return specs
}

function compilePair(config: Config, pair: Pair): PairSpec {
  let slot = 0
  const compile = (leg: Leg) => compileLeg(config, pair, leg, slot++)
  return {
    pair: pair.pair,
    align: interned(pair.align),
    east: pair.east.map(compile),
    west: pair.west.map(compile),
    fx: pair.fx === null ? null : compile(pair.fx),
    max_skew_ms: pair.max_skew_ms,
    plausible_premium: pair.plausible_premium,
    rules: Object.values(config.rules)
      .filter((rule) => rule.pair === pair.pair && rule.enabled)
      .map(compileRule),
  }
}

function compileLeg(config: Config, pair: Pair, leg: Leg, slot: number): LegSpec {
  const facts = config.series[leg.series]
  if (facts === undefined) throw new Error(`pair ${pair.pair}: no series ${leg.series}`)
  const to_unit = facts.unit === null ? 1 : unitFactor(facts.unit, pair.unit as MassUnit, facts.fraction)
  if (to_unit === null)
    throw new Error(`pair ${pair.pair}: ${facts.unit} of ${leg.series} is no ${pair.unit}`)
  return {
    slot,
    facts: { ...facts, series: interned(facts.series) },
    max_age_ms: leg.max_age_ms,
    calendar: hasSessions(pair, facts.kind) ? calendarOf(config, facts.calendar) : null,
    to_unit,
    in_cny: facts.kind !== 'rate' && facts.currency === 'CNY',
    tax: taxSteps(facts, config.metals[pair.metal]?.china_vat ?? []),
  }
}

/** Benchmarks and rates have no session, only dates and ages; neither has a date that is compared as a whole. */
function hasSessions(pair: Pair, kind: string): boolean {
  return pair.align === 'live' && kind === 'trade'
}

function calendarOf(config: Config, name: string): Calendar {
  const calendar = config.calendars[name]
  if (calendar === undefined) throw new Error(`no calendar ${name}`)
  return calendar
}

function compileRule(rule: Rule): RuleSpec {
  const { rule: id, min_samples, max_gap_ms, remind_ms } = rule
  const { measure, window } = readMeasure(rule.measure)
  const direction = interned(rule.direction)
  const on_start = interned(rule.on_start)
  const facts = { measure: interned(measure), direction, min_samples, max_gap_ms, remind_ms, on_start }
  const own = {
    severity: rule.severity,
    raise: rule.raise,
    clear: rule.clear,
    for_ms: rule.for_ms,
    clear_for_ms: rule.clear_for_ms,
  }
  const levels = [own, ...rule.levels].map((level) => ({
    ...level,
    raise: Number(level.raise),
    clear: Number(level.clear),
  }))
  // Everything but wording and `notify`. What was told is to end, and what was not to begin, when it is no longer, or now, in the shadow.
  const unseen = { ...(window && { window }), ...(rule.shadow && { shadow: true }) }
  const decisive = JSON.stringify([rule.pair, { ...facts, ...unseen }, levels])
  return {
    rule: id,
    fingerprint: createHash('sha256').update(decisive).digest('hex').slice(0, 16),
    ...facts,
    window,
    levels,
  }
}
