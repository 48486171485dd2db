import type { Measure } from '../engine/spec.ts'
import { type MeasureName, nameOver, readMeasure } from '../measure.ts'
import type { Document } from './document.ts'
import type { MetalFile } from './metals.ts'
import type { Level, Rule } from './types.ts'

type Written = MetalFile['rules'][string]
type Direction = Rule['direction']

const SEVERITIES = ['info', 'warning', 'critical']

/** A rule with bounds on their right sides and levels in order (SEMANTICS 18). */
export function resolveRule(document: Document, name: string, rule: Written): Rule {
  const path = ['rules', name]
  const {
    for: for_ms,
    clear_for: clear_for_ms,
    max_gap: max_gap_ms,
    remind: remind_ms,
    levels,
    ...same
  } = rule
  const own = { ...boundsAt(document, path), severity: rule.severity, for_ms, clear_for_ms }
  const further = levels.map(
    (level, index): Level => ({
      ...boundsAt(document, [...path, 'levels', index]),
      severity: level.severity,
      for_ms: level.for ?? for_ms,
      clear_for_ms: level.clear_for ?? clear_for_ms,
    }),
  )
  const measure = measureAt(document, [...path, 'measure'], rule.measure)
  checkBounds(document, path, own, rule)
  checkRange(document, path, measure, own)
  further.forEach((level, index) => {
    const at = [...path, 'levels', index]
    checkBounds(document, at, level, rule)
    checkRange(document, at, measure, level)
    checkOrder(document, at, index === 0 ? own : (further[index - 1] as Level), level, rule.direction)
  })
  return { ...same, rule: name, measure, ...own, max_gap_ms, remind_ms, levels: further }
}

/** Bounds as they were typed. */
function boundsAt(document: Document, path: PropertyKey[]): { raise: string; clear: string } {
  return { raise: figureAt(document, [...path, 'raise']), clear: figureAt(document, [...path, 'clear']) }
}

function measureAt(document: Document, path: PropertyKey[], measure: Written['measure']): MeasureName {
  if (typeof measure === 'string') return measure
  const over = document.textAt([...path, 'over']) ?? ''
  if (measure.change) return nameOver('change', measure.change, over)
  if (measure.percentile) return nameOver('percentile', measure.percentile, over)
  return nameOver('zscore', measure.zscore as Measure, over)
}

/** The figure as it was typed; one that is written in a programmer's way (1e3, 0x10) is refused. */
export function figureAt(document: Document, path: PropertyKey[]): string {
  const text = document.textAt(path) ?? ''
  if (!/^-?\d+(\.\d+)?$/.test(text)) {
    document.report(path, `found "${text}", expected a number such as 5.50`)
  }
  return text
}

/** Is `a` on the far side of `b`, seen from where all is well? */
function beyond(a: string, b: string, direction: Direction): boolean {
  return direction === 'above' ? Number(a) > Number(b) : Number(a) < Number(b)
}

function checkBounds(document: Document, path: PropertyKey[], { raise, clear }: Level, rule: Written): void {
  const at = [...path, 'clear']
  const safe = rule.direction === 'above' ? 'below' : 'above'
  const told = `found ${clear}`
  if (beyond(clear, raise, rule.direction))
    document.report(at, `${told}, expected a value ${safe} raise (${raise})`)
  if (Number(clear) === Number(raise) && !rule.allow_flap) {
    document.report(at, `${told}, equal to raise, expected a value ${safe} it, or allow_flap: true`)
  }
}

function checkRange(
  document: Document,
  path: PropertyKey[],
  measure: MeasureName,
  bounds: Pick<Level, 'raise' | 'clear'>,
): void {
  if (readMeasure(measure).window?.kind !== 'percentile') return
  for (const key of ['raise', 'clear'] as const) {
    const bound = Number(bounds[key])
    if (bound < 0 || bound > 100)
      document.report([...path, key], `found ${bounds[key]}, expected a percentile from 0 to 100`)
  }
}

function checkOrder(
  document: Document,
  path: PropertyKey[],
  before: Level,
  level: Level,
  direction: Direction,
): void {
  if (!beyond(level.raise, before.raise, direction)) {
    document.report(
      [...path, 'raise'],
      `found ${level.raise}, expected a value ${direction} that of the level before (${before.raise})`,
    )
  }
  if (SEVERITIES.indexOf(level.severity) < SEVERITIES.indexOf(before.severity)) {
    document.report(
      [...path, 'severity'],
      `found ${level.severity}, expected at least that of the level before (${before.severity})`,
    )
  }
}
