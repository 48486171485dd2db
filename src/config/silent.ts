/** What is valid and yet would never be heard of: nobody should believe to be watched by a rule that cannot speak. */
import { taxSteps } from '../engine/tax.ts'
import { readMeasure } from '../measure.ts'
import type { Config, Leg, Pair, Rule } from './types.ts'

type Watching = Pick<Config, 'pairs' | 'rules' | 'feeds' | 'series' | 'metals'>

/** Enabled pairs without a feed for one of their legs, and enabled rules whose measure their pair cannot say. */
export function silentWarnings(config: Watching): string[] {
  const pairs = Object.values(config.pairs).filter(({ enabled }) => enabled)
  return pairs.flatMap((pair) => {
    const rules = Object.values(config.rules).filter((rule) => rule.enabled && rule.pair === pair.pair)
    return [...unfedLegs(config, pair), ...rules.flatMap((rule) => unsaid(config, pair, rule))]
  })
}

function unfedLegs({ feeds, series }: Watching, { pair, east, west, fx }: Pair): string[] {
  const isFed = (leg: Leg) => feeds[series[leg.series]?.feed ?? '']?.enabled
  const unfed = [east, west, fx === null ? [] : [fx]].filter((legs) => legs.length > 0 && !legs.some(isFed))
  if (unfed.length === 0) return []
  const names = unfed.flatMap((legs) => legs.map((leg) => leg.series)).join(', ')
  return [
    `pair ${pair} is never compared: feeds.yaml disables the feed of ${names}; enable it, or disable the pair`,
  ]
}

function unsaid(config: Watching, pair: Pair, { rule, measure: name }: Rule): string[] {
  const { measure } = readMeasure(name)
  if (measure.startsWith('landed'))
    return [
      `rule ${rule} never tells anything: no pair can say yet what is landed; measure ${measure.replace('landed', 'ex_tax')} instead`,
    ]
  if (!measure.startsWith('ex_tax')) return []
  const untaxed = pair.east.filter((leg) => !hasKnownTax(config, pair, leg)).map((leg) => leg.series)
  if (untaxed.length === 0) return []
  const remedy = `say so in feeds.yaml (tax_basis) and metals/${pair.metal}.yaml (tax), or measure ${measure.replace('ex_tax', 'as_quoted')}`
  return [
    `rule ${rule} tells nothing on ${untaxed.join(', ')}: nothing says how much tax its price includes; ${remedy}`,
  ]
}

function hasKnownTax({ series, metals }: Watching, { metal }: Pair, leg: Leg): boolean {
  const facts = series[leg.series]
  return facts !== undefined && taxSteps(facts, metals[metal]?.china_vat ?? []).length > 0
}
