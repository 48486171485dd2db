/** Value added tax in an east price, by date. */
import type { SeriesFacts } from './model.ts'
import { instantOf } from './zone.ts'

/** From this instant on an east price is divided by this, to take the tax out. */
export interface TaxStep {
  from: number
  divisor: number
}

/** Value added tax in China, by date, oldest first. */
type Rates = readonly { from: string; rate: number }[]

/** Worked out once for each leg: local dates cost more than all the rest of a premium. */
export function taxSteps({ tax_basis, zone }: SeriesFacts, rates: Rates): TaxStep[] {
  if (tax_basis === 'unknown') return []
  if (tax_basis !== 'inclusive') return [{ from: Number.NEGATIVE_INFINITY, divisor: 1 }]
  return rates.map(({ from, rate }) => ({ from: instantOf(zone, from, '00:00'), divisor: 1 + rate }))
}

/** The tax in a price of this instant; null where that cannot be said. */
export function taxAt(steps: readonly TaxStep[], instant: number): TaxStep | null {
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i] as TaxStep
    if (step.from <= instant) return step
  }
  return null
}
