import { unitFactor } from '../engine/units.ts'
import { reportUnknown } from './channels.ts'
import type { Document } from './document.ts'
import type { Known, MetalFile } from './metals.ts'
import { figureAt } from './rules.ts'
import type { Exposure } from './types.ts'

export function resolveExposure(
  document: Document,
  file: MetalFile,
  name: string,
  exposure: MetalFile['exposures'][string],
  known: Known,
): Exposure {
  const path = ['exposures', name]
  reportUnknown(document, [...path, 'pair'], 'pair', exposure.pair, known.pairs)
  if (unitFactor(exposure.unit, file.unit) === null) {
    document.report(
      [...path, 'unit'],
      `found ${exposure.unit}, expected a unit that converts to ${file.unit}, the unit of ${file.metal}`,
    )
  }
  const amount = figureAt(document, [...path, 'amount'])
  if (Number(amount) <= 0) document.report([...path, 'amount'], `found ${amount}, expected more than 0`)
  return { exposure: name, metal: file.metal, ...exposure, amount }
}
