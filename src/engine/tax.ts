/** Value added tax in an east price, by date (SEMANTICS 15). */
import type { Tick } from './model.ts'
import type { LegSpec, PairSpec } from './spec.ts'
import { instantOf } from './zone.ts'

/** From this instant on an east price is divided by this, to take the tax out. */
interface TaxStep {
  from: number
  divisor: number
}

/** Worked out once for each leg: local dates cost more than all the rest of a premium. */
const stepsOf = new WeakMap<LegSpec, TaxStep[]>()

/** What the east price is divided by to take the tax out; null where that cannot be said. */
export function taxDivisor(spec: PairSpec, leg: LegSpec, tick: Tick): number | null {
  const basis = leg.facts.tax_basis
  if (basis === 'unknown') return null
  if (basis !== 'inclusive') return 1
  let steps = stepsOf.get(leg)
  if (steps === undefined) {
    steps = compile(spec, leg)
    stepsOf.set(leg, steps)
  }
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i] as TaxStep
    if (step.from <= tick.at) return step.divisor
  }
  return null
}

function compile(spec: PairSpec, leg: LegSpec): TaxStep[] {
  return spec.vat.map(({ from, rate }) => ({
    from: instantOf(leg.facts.zone, from, '00:00'),
    divisor: 1 + rate,
  }))
}
