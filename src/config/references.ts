/** Names that refer to something else, as they are written: also in entries that have other mistakes. */
import { at, namesIn, reportUnknown } from './check.ts'
import type { Document, Path } from './document.ts'
import type { Known } from './metals.ts'

/** Every name in a metal file that refers to something else. */
export function checkReferences(document: Document, known: Known): void {
  for (const pair of namesIn(document, 'pairs')) {
    for (const path of ['east', 'west', 'fx'].flatMap((leg) => eachOf(document, ['pairs', pair, leg])))
      checkNames(document, [...path, 'series'], 'series', known.names)
  }
  for (const rule of namesIn(document, 'rules')) {
    checkNames(document, ['rules', rule, 'pair'], 'pair', known.pairs)
    checkNames(document, ['rules', rule, 'notify'], 'channel', known.channels)
  }
  for (const exposure of namesIn(document, 'exposures'))
    checkNames(document, ['exposures', exposure, 'pair'], 'pair', known.pairs)
}

/** One name, or each of a list. */
export function checkNames(document: Document, path: Path, what: string, known: readonly string[]): void {
  for (const each of eachOf(document, path)) {
    const name = at(document.written, each)
    if (typeof name === 'string') reportUnknown(document, each, what, name, known)
  }
}

/** The paths of a list's items, or of the value that is no list. */
export function eachOf(document: Document, path: Path): Path[] {
  const value = at(document.written, path)
  return Array.isArray(value) ? value.map((_, index) => [...path, index]) : [path]
}
