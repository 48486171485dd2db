/** A pair as the engine wants it: configuration compiled once, so that an event costs no look-up by name. */
import type { Calendar, SeriesFacts, Severity } from './model.ts'
import type { TaxStep } from './tax.ts'

export interface LegSpec {
  /** where the pair's state keeps it: east legs first, then west, then the rate */
  slot: number
  facts: SeriesFacts
  max_age_ms: number
  /** null where the source has no session (benchmarks, rates) or dates are compared */
  calendar: Calendar | null
  /** price per quoted unit x this = price per unit of the metal; 1 for a rate */
  to_unit: number
  /** price is to be divided by the rate CNY per USD */
  in_cny: boolean
  /** the tax in its price, by date, oldest first */
  tax: readonly TaxStep[]
}

export type Basis = 'as_quoted' | 'ex_tax' | 'landed'
export type Measure = `${Basis}_usd` | `${Basis}_pct`

/** What a measure is held against: the values of its pair in the time before. */
export interface WindowSpec {
  /** in the unit of the measure; in percent of the values at or below; in standard deviations from their mean */
  kind: 'change' | 'percentile' | 'zscore'
  over_ms: number
}

export interface LevelSpec {
  severity: Severity
  raise: number
  clear: number
  for_ms: number
  clear_for_ms: number
  /** where it is not told as often as the rule says */
  remind_ms?: number | null
}

export interface RuleSpec {
  rule: string
  /** changes with everything but wording and `notify`; a raised breach of another fingerprint is closed */
  fingerprint: string
  measure: Measure
  /** of a measure over history; null: the measure itself is held against the bounds */
  window: WindowSpec | null
  direction: 'above' | 'below'
  /** from the first bound outwards; the first is the rule's own */
  levels: LevelSpec[]
  min_samples: number | null
  /** a longer spell without comparability sends pending back to ok; null for none */
  max_gap_ms: number | null
  /** how long after it was last told a breach is told again, unless its level says something else; null for never */
  remind_ms: number | null
  /** what a rule does that finds its bound crossed when it sees its first premium */
  on_start: 'raise' | 'wait'
}

export interface PairSpec {
  pair: string
  align: 'live' | 'date'
  /** in order of preference: the first comparable one is used */
  east: LegSpec[]
  west: LegSpec[]
  fx: LegSpec | null
  max_skew_ms: number
  /** percent of the west price */
  plausible_premium: readonly [number, number]
  rules: RuleSpec[]
}

/** Every leg of a pair in the order of the slots. */
export function legsOf(spec: PairSpec): LegSpec[] {
  return [...spec.east, ...spec.west, ...(spec.fx === null ? [] : [spec.fx])]
}
