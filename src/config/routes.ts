import type { Document } from './document.ts'
import { checkNames, eachOf } from './references.ts'

/** A route that names what there is not would silently match nothing. */
export function checkRoutes(
  document: Document | undefined,
  known: Record<'metal' | 'pair' | 'rule', readonly string[]>,
  channels: readonly string[],
): void {
  if (document === undefined) return
  for (const path of eachOf(document, ['routes'])) {
    for (const [what, names] of Object.entries(known))
      checkNames(document, [...path, 'match', what], what, names)
    checkNames(document, [...path, 'notify'], 'channel', channels)
  }
}
