import { converts } from './converts.ts'
import type { Document } from './document.ts'
import type { MetalFile } from './metals.ts'
import { figureAt } from './rules.ts'
import type { Exposure } from './types.ts'

export function resolveExposure(
  document: Document,
  file: MetalFile,
  name: string,
  exposure: MetalFile['exposures'][string],
): Exposure {
  const path = ['exposures', name]
  if (!converts(exposure.unit, file.unit)) {
    document.report(
      [...path, 'unit'],
      `found ${exposure.unit}, expected a unit that converts to ${file.unit}, the unit of ${file.metal}`,
    )
  }
  const amount = figureAt(document, [...path, 'amount'])
  if (Number(amount) <= 0) document.report([...path, 'amount'], `found ${amount}, expected more than 0`)
  return { exposure: name, metal: file.metal, ...exposure, amount }
}
