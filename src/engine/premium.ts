import type { Premium, Tick } from './model.ts'
import { round6 } from './round.ts'
import type { LegSpec } from './spec.ts'
import { type TaxStep, taxAt } from './tax.ts'

/** The two legs and the rate that are compared, with the specifications that say how to read them. */
export interface Legs {
  east_spec: LegSpec
  west_spec: LegSpec
  east: Tick
  west: Tick
  fx: Tick | null
}

/** USD per unit of the metal, unrounded. */
function inUsd(spec: LegSpec, tick: Tick, fx: Tick | null): number {
  const perUnit = tick.price * spec.to_unit
  return spec.in_cny ? perUnit / (fx as Tick).price : perUnit
}

/** East over west in percent of west, unrounded. */
function percentOver(east: number, west: number): number {
  return ((east - west) / west) * 100
}

/**
 * The premium of east over west as of one moment. Everything is computed unrounded, and
 * rounded once, when it is asked for: of most premiums of a long history nobody asks for more than a number.
 */
export function computePremium(legs: Legs, seen_at: number, standing: Premium['standing']): ComparedLegs {
  return new ComparedLegs(legs, seen_at, standing)
}

class ComparedLegs implements Premium {
  readonly time: number
  readonly seen_at: number
  readonly east: Tick
  readonly west: Tick
  readonly fx: Tick | null
  standing: Premium['standing']
  elapsed_ms: number | null
  spell_ms: number
  private readonly unrounded_east: number
  private readonly unrounded_west: number
  private readonly tax: readonly TaxStep[]

  constructor(
    { east_spec, west_spec, east, west, fx }: Legs,
    seen_at: number,
    standing: Premium['standing'],
  ) {
    this.time = Math.max(east.at, west.at)
    this.seen_at = seen_at
    this.east = east
    this.west = west
    this.fx = fx
    this.standing = standing
    this.elapsed_ms = null
    this.spell_ms = 0
    this.unrounded_east = inUsd(east_spec, east, fx)
    this.unrounded_west = inUsd(west_spec, west, fx)
    this.tax = east_spec.tax
  }

  get east_usd(): number {
    return round6(this.unrounded_east)
  }

  get west_usd(): number {
    return round6(this.unrounded_west)
  }

  get as_quoted_usd(): number {
    return round6(this.unrounded_east - this.unrounded_west)
  }

  get as_quoted_pct(): number {
    return round6(this.unrounded_pct)
  }

  get unrounded_pct(): number {
    return percentOver(this.unrounded_east, this.unrounded_west)
  }

  get ex_tax_usd(): number | null {
    const east = this.withoutTax()
    return east === null ? null : round6(east - this.unrounded_west)
  }

  get ex_tax_pct(): number | null {
    const east = this.withoutTax()
    return east === null ? null : round6(percentOver(east, this.unrounded_west))
  }

  get landed_usd(): null {
    return null
  }

  get landed_pct(): null {
    return null
  }

  get skew_ms(): number {
    return Math.abs(this.east.at - this.west.at)
  }

  private withoutTax(): number | null {
    const tax = taxAt(this.tax, this.east.at)
    return tax === null ? null : this.unrounded_east / tax.divisor
  }
}
