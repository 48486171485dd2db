import type { Exposure, Pair } from '../config.ts'
import type { MassUnit, Premium } from '../engine/model.ts'
import { unitFactor } from '../engine/units.ts'

/** What the premium costs those who declared an exposure to this pair, in USD and cents. */
export function exposureCosts(
  exposures: readonly Exposure[],
  pair: Pick<Pair, 'pair' | 'unit'>,
  premium: Premium,
): { name: string; cost_usd: string; per: string }[] {
  const usd_per_unit = premium.landed_usd ?? premium.as_quoted_usd
  return exposures
    .filter((exposure) => exposure.pair === pair.pair)
    .flatMap(({ exposure, amount, unit, per }) => {
      const factor = unitFactor(pair.unit as MassUnit, unit as MassUnit)
      if (factor === null) return []
      return { name: exposure, cost_usd: cents(Number(amount) * factor * usd_per_unit), per }
    })
}

function cents(usd: number): string {
  const text = usd.toFixed(2)
  return text === '-0.00' ? '0.00' : text
}
