import type { MassUnit } from './model.ts'

/** Grams of one unit: troy ounce 480 gr x 64.79891 mg, pound avoirdupois; an mtu is 10 kg of the compound quoted. */
export const GRAMS = {
  oz: 31.1034768,
  g: 1,
  kg: 1000,
  lb: 453.59237,
  t: 1_000_000,
  mtu: 10_000,
} as const satisfies Record<MassUnit, number>

/**
 * What a price per `from` is to be multiplied with to be a price per `to`. A compound's price becomes one of the
 * metal contained in it by `fraction`, its mass fraction. Null where no honest conversion exists: an mtu is
 * a measure of the compound, so nothing else converts into it.
 */
export function unitFactor(from: MassUnit, to: MassUnit, fraction = 1): number | null {
  if (from === to && (from === 'mtu' || fraction === 1)) return 1
  if (to === 'mtu') return null
  return GRAMS[to] / (GRAMS[from] * fraction)
}

/**
 * Ratios by which a price is wrong when somebody mistook its unit: such a price is not
 * believed however often it is repeated.
 */
const UNIT_MISTAKES = [1000, 100, 10, 31.1035, 32.1507, 453.592, 2.20462, 28.3495]

/** True when `ratio` is within 3 % of a unit factor or its inverse. */
export function looksLikeUnitMistake(ratio: number): boolean {
  return UNIT_MISTAKES.some((factor) => near(ratio, factor) || near(ratio, 1 / factor))
}

function near(ratio: number, factor: number): boolean {
  return Math.abs(ratio / factor - 1) <= 0.03
}
