import type { MassUnit } from '../engine/model.ts'
import { unitFactor } from '../engine/units.ts'

/** Can a quantity be restated? An mtu is 10 kg of a compound: without its fraction it says nothing of the metal. */
export function converts(from: MassUnit, to: MassUnit, fraction?: number): boolean {
  if (from === 'mtu' && to !== 'mtu' && fraction === undefined) return false
  return unitFactor(from, to, fraction) !== null
}
