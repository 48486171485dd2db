import type { Premium, Tick } from './model.ts'
import { round6 } from './round.ts'
import type { LegSpec } from './spec.ts'
import { taxAt } from './tax.ts'

/** The two legs and the rate that are compared, with the specifications that say how to read them. */
export interface Legs {
  east_spec: LegSpec
  west_spec: LegSpec
  east: Tick
  west: Tick
  fx: Tick | null
}

/** USD per unit of the metal, unrounded. */
export function inUsd(spec: LegSpec, tick: Tick, fx: Tick | null): number {
  const perUnit = tick.price * spec.to_unit
  return spec.in_cny ? perUnit / (fx as Tick).price : perUnit
}

/** East over west in percent of west, unrounded. */
export function percentOver(east: number, west: number): number {
  return ((east - west) / west) * 100
}

/**
 * The premium of east over west as of one moment (DOMAIN 1.1, SEMANTICS 12 to 16). Everything is computed
 * unrounded and rounded once.
 */
export function computePremium(legs: Legs, seen_at: number, standing: Premium['standing']): Premium {
  const east = inUsd(legs.east_spec, legs.east, legs.fx)
  const west = inUsd(legs.west_spec, legs.west, legs.fx)
  const tax = taxAt(legs.east_spec.tax, legs.east.at)
  return {
    time: Math.max(legs.east.at, legs.west.at),
    seen_at,
    east: legs.east,
    west: legs.west,
    fx: legs.fx,
    east_usd: round6(east),
    west_usd: round6(west),
    as_quoted_usd: round6(east - west),
    as_quoted_pct: round6(percentOver(east, west)),
    ex_tax_usd: tax === null ? null : round6(east / tax.divisor - west),
    ex_tax_pct: tax === null ? null : round6(percentOver(east / tax.divisor, west)),
    landed_usd: null,
    landed_pct: null,
    skew_ms: Math.abs(legs.east.at - legs.west.at),
    standing,
    elapsed_ms: null,
    spell_ms: 0,
  }
}
