/** A premium with everything that it rests on and what it led to. */
import type { Pair } from '../config.ts'
import type { SeriesFacts } from '../engine/model.ts'
import type { Feed } from '../feeds/feed.ts'
import { loadFeeds } from '../shelf.ts'
import type { Database } from '../store/database.ts'
import {
  type ConfigurationBody,
  correctionOf,
  type LedTo,
  type PremiumEvidence,
  premiumEvidence,
  type TickEvidence,
  tickEvidence,
  transitionsOf,
} from '../store/evidence.ts'
import { calculation, type Legs, type Tax, taxOf } from './calculation.ts'
import type { Step } from './step.ts'
import { type ExplainedTick, explainTick } from './tick.ts'

export interface ExplainedLeg extends ExplainedTick {
  /** when the premium was computed, this price was so old */
  age_ms: number
  /** null where dates are compared */
  max_age_ms: number | null
  tax_basis: SeriesFacts['tax_basis']
  venue: string
  zone: string
}

/** How a rule of the pair sees the premium. */
export interface Judged {
  rule: string
  measure: string
  value: string | null
  direction: string
  raise: string
  clear: string
  /** breaching, between the bounds, clear; null where there is no value */
  is: 'breaching' | 'between' | 'clear' | null
}

/** What is stored of the premium itself. */
type Stored = Omit<PremiumEvidence, 'configuration' | 'east_tick_id' | 'west_tick_id' | 'fx_tick_id'>

export interface ExplainedPremium extends Stored {
  unit: string
  legs: { east: ExplainedLeg; west: ExplainedLeg; fx: ExplainedLeg | null }
  tax: Tax
  steps: Step[]
  /** every stored number is the one that the steps give */
  agrees: boolean
  max_skew_ms: number
  align: Pair['align']
  rules: Judged[]
  led_to: LedTo[]
  /** of a premium that was corrected: the one that took its place */
  corrected_by: number | null
}

/** Null when there is no such premium. */
export async function explainPremium(
  database: Database,
  premium_id: number,
): Promise<ExplainedPremium | null> {
  const evidence = await premiumEvidence(database, premium_id)
  if (evidence === null) return null
  const { configuration, east_tick_id, west_tick_id, fx_tick_id, ...premium } = evidence
  const pair = configuration.pairs[premium.pair]
  if (pair === undefined)
    throw new Error(`configuration ${premium.configuration_hash} has no pair ${premium.pair}`)
  const [feeds, ticks, led_to, corrected_by] = await Promise.all([
    loadFeeds(),
    tickEvidence(database, [east_tick_id, west_tick_id, ...(fx_tick_id === null ? [] : [fx_tick_id])]),
    transitionsOf(database, premium_id),
    premium.superseded_at === null ? null : correctionOf(database, premium_id),
  ])
  const [east, west, fx = null] = ticks as [TickEvidence, TickEvidence, TickEvidence?]
  const legs: Legs = {
    east: quoted(configuration, east),
    west: quoted(configuration, west),
    fx: fx && quoted(configuration, fx),
  }
  const tax = taxOf(configuration.metals[pair.metal] ?? { china_vat: [] }, legs.east)
  const steps = calculation(pair, legs, tax, premium)
  const leg = (tick: TickEvidence) => explainLeg(configuration, pair, tick, premium.seen_at, feeds[tick.feed])
  return {
    ...premium,
    unit: pair.unit,
    legs: { east: leg(east), west: leg(west), fx: fx && leg(fx) },
    tax,
    steps,
    agrees: steps.every((step) => step.agrees),
    max_skew_ms: pair.max_skew_ms,
    align: pair.align,
    rules: judged(configuration, premium),
    led_to,
    corrected_by,
  }
}

function explainLeg(
  configuration: ConfigurationBody,
  pair: Pair,
  tick: TickEvidence,
  seen_at: Date,
  feed: Feed | undefined,
): ExplainedLeg {
  const { tax_basis, venue, zone } = quoted(configuration, tick).facts
  return { ...explainTick(tick, feed), ...ageOf(pair, tick, seen_at), tax_basis, venue, zone }
}

function quoted(configuration: ConfigurationBody, { feed, name, price, at }: TickEvidence) {
  const source = configuration.feeds[feed] ?? configuration.own?.[feed]
  const facts = source?.series[name]
  if (facts === undefined) throw new Error(`the configuration has no series ${feed}/${name}`)
  return { facts, price, at }
}

function ageOf(pair: Pair, { series, at }: TickEvidence, seen_at: Date) {
  const legs = [...pair.east, ...pair.west, ...(pair.fx === null ? [] : [pair.fx])]
  const max_age_ms =
    pair.align === 'date' ? null : (legs.find((leg) => leg.series === series)?.max_age_ms ?? null)
  return { age_ms: seen_at.getTime() - at.getTime(), max_age_ms }
}

function judged({ rules }: ConfigurationBody, premium: Stored): Judged[] {
  return Object.values(rules)
    .filter((rule) => rule.pair === premium.pair && rule.enabled)
    .map(({ rule, measure, direction, raise, clear }) => {
      const value = measure.startsWith('landed') ? null : premium[measure as keyof typeof premium]
      const text = typeof value === 'string' ? value : null
      return {
        rule,
        measure,
        value: text,
        direction,
        raise,
        clear,
        is: standingOf(text, direction, raise, clear),
      }
    })
}

function standingOf(value: string | null, direction: string, raise: string, clear: string): Judged['is'] {
  if (value === null) return null
  const side = direction === 'above' ? 1 : -1
  if (side * Number(value) >= side * Number(raise)) return 'breaching'
  return side * Number(value) <= side * Number(clear) ? 'clear' : 'between'
}
