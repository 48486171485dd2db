import { at } from './check.ts'
import { converts } from './converts.ts'
import type { Document } from './document.ts'
import { checkFigure } from './figures.ts'
import type { MetalFile, Stated } from './metals.ts'
import { unit } from './schema/words.ts'
import type { Exposure } from './types.ts'

export function resolveExposure(
  document: Document,
  file: MetalFile,
  name: string,
  exposure: MetalFile['exposures'][string],
): Exposure {
  const amount = document.textAt(['exposures', name, 'amount']) ?? ''
  return { exposure: name, metal: file.metal, ...exposure, amount }
}

/** An exposure as it is written: an amount of the metal. */
export function checkExposure(document: Document, name: string, stated: Stated): void {
  const path = ['exposures', name]
  const { data: own } = unit.safeParse(at(document.written, [...path, 'unit']))
  if (own && stated.unit && !converts(own, stated.unit)) {
    document.report(
      [...path, 'unit'],
      `found ${own}, expected a unit that converts to ${stated.unit}, the unit of ${stated.metal}`,
    )
  }
  const amount = checkFigure(document, [...path, 'amount'])
  if (amount !== null && Number(amount) <= 0)
    document.report([...path, 'amount'], `found ${amount}, expected more than 0`)
}
