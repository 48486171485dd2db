import { at } from './check.ts'
import type { Document, Path } from './document.ts'

/** A figure as it was typed; null where there is none. One that is written in a programmer's way (1e3, 0x10) is told. */
export function checkFigure(document: Document, path: Path): string | null {
  const text = document.textAt(path)
  if (text !== null && /^-?\d+(\.\d+)?$/.test(text)) return text
  if (typeof at(document.written, path) === 'number')
    document.report(path, `found "${text}", expected a number such as 5.50`)
  return null
}
