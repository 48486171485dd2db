/** The bounds of a rule as they are written: on their right sides, with levels in order. */
import { at } from './check.ts'
import type { Document, Path } from './document.ts'
import { checkFigure } from './figures.ts'

const SEVERITIES = ['info', 'warning', 'critical']
const SAFE = { above: 'below', below: 'above' } as const

type Direction = keyof typeof SAFE

/** Null is what is missing or has a mistake of its own. */
interface Bounds {
  path: Path
  raise: string | null
  clear: string | null
  severity: unknown
}

export function checkBounds(document: Document, name: string): void {
  const path = ['rules', name]
  const direction = directionAt(document, path)
  const levels = at(document.written, [...path, 'levels'])
  const further = Array.isArray(levels) ? levels.map((_, index) => [...path, 'levels', index]) : []
  const all = [path, ...further].map((place) => boundsAt(document, place))
  const may_flap = at(document.written, [...path, 'allow_flap']) === true
  const percentile = at(document.written, [...path, 'measure', 'percentile']) !== undefined
  all.forEach((bounds, index) => {
    if (direction) checkSides(document, bounds, direction, may_flap)
    if (percentile) checkRange(document, bounds)
    const before = all[index - 1]
    if (before) checkOrder(document, before, bounds, direction)
  })
}

function boundsAt(document: Document, path: Path): Bounds {
  return {
    path,
    raise: checkFigure(document, [...path, 'raise']),
    clear: checkFigure(document, [...path, 'clear']),
    severity: at(document.written, [...path, 'severity']) ?? 'warning',
  }
}

function directionAt(document: Document, path: Path): Direction | null {
  const written = at(document.written, [...path, 'direction'])
  return written === 'above' || written === 'below' ? written : null
}

/** Is `a` on the far side of `b`, seen from where all is well? */
function beyond(a: string, b: string, direction: Direction): boolean {
  return direction === 'above' ? Number(a) > Number(b) : Number(a) < Number(b)
}

function checkSides(document: Document, bounds: Bounds, direction: Direction, may_flap: boolean): void {
  const { path, raise, clear } = bounds
  if (raise === null || clear === null) return
  const told = `found ${clear}`
  const safe = SAFE[direction]
  if (beyond(clear, raise, direction))
    document.report([...path, 'clear'], `${told}, expected a value ${safe} raise (${raise})`)
  if (Number(clear) === Number(raise) && !may_flap) {
    const expected = `expected a value ${safe} it, or allow_flap: true`
    document.report([...path, 'clear'], `${told}, equal to raise, ${expected}`)
  }
}

function checkRange(document: Document, bounds: Bounds): void {
  for (const key of ['raise', 'clear'] as const) {
    const bound = Number(bounds[key] ?? 0)
    if (bound < 0 || bound > 100)
      document.report([...bounds.path, key], `found ${bounds[key]}, expected a percentile from 0 to 100`)
  }
}

function checkOrder(document: Document, before: Bounds, level: Bounds, direction: Direction | null): void {
  const { path, raise, severity } = level
  const inner = before.raise
  if (direction && raise !== null && inner !== null && !beyond(raise, inner, direction)) {
    const expected = `expected a value ${direction} that of the level before (${inner})`
    document.report([...path, 'raise'], `found ${raise}, ${expected}`)
  }
  const rank = SEVERITIES.indexOf(String(severity))
  if (rank >= 0 && rank < SEVERITIES.indexOf(String(before.severity))) {
    const expected = `expected at least that of the level before (${before.severity})`
    document.report([...path, 'severity'], `found ${severity}, ${expected}`)
  }
}
