import { at, namesIn, reportUnknown } from './check.ts'
import type { Document, Path } from './document.ts'
import type { Known } from './metals.ts'

/** Every name in a metal file that refers to something else, also in entries that have other mistakes. */
export function checkReferences(document: Document, known: Known): void {
  const refer = (path: Path, what: string, names: readonly string[]) => {
    const name = at(document.written, path)
    if (typeof name === 'string') reportUnknown(document, path, what, name, names)
  }
  const series = Object.keys(known.series)
  for (const pair of namesIn(document, 'pairs')) {
    for (const path of ['east', 'west', 'fx'].flatMap((leg) => eachOf(document, ['pairs', pair, leg]))) {
      refer([...path, 'series'], 'series', series)
    }
  }
  for (const rule of namesIn(document, 'rules')) {
    refer(['rules', rule, 'pair'], 'pair', known.pairs)
    for (const path of eachOf(document, ['rules', rule, 'notify'])) refer(path, 'channel', known.channels)
  }
  for (const exposure of namesIn(document, 'exposures'))
    refer(['exposures', exposure, 'pair'], 'pair', known.pairs)
}

/** The paths of a list's items, or of the value that is no list. */
function eachOf(document: Document, path: Path): Path[] {
  const value = at(document.written, path)
  return Array.isArray(value) ? value.map((_, index) => [...path, index]) : [path]
}
