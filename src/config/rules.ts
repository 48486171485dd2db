import type { Measure } from '../engine/spec.ts'
import { type MeasureName, nameOver } from '../measure.ts'
import type { Document, Path } from './document.ts'
import type { MetalFile } from './metals.ts'
import type { Level, Rule } from './types.ts'

type Written = MetalFile['rules'][string]

/** A rule with its levels, outwards from its own bounds; its figures as they were typed. */
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
      ...(level.remind !== undefined && { remind_ms: level.remind }),
    }),
  )
  const measure = measureAt(document, [...path, 'measure'], rule.measure)
  return { ...same, rule: name, measure, ...own, max_gap_ms, remind_ms, levels: further }
}

function boundsAt(document: Document, path: Path): { raise: string; clear: string } {
  return {
    raise: document.textAt([...path, 'raise']) ?? '',
    clear: document.textAt([...path, 'clear']) ?? '',
  }
}

function measureAt(document: Document, path: Path, measure: Written['measure']): MeasureName {
  if (typeof measure === 'string') return measure
  const over = document.textAt([...path, 'over']) ?? ''
  if (measure.change) return nameOver('change', measure.change, over)
  if (measure.percentile) return nameOver('percentile', measure.percentile, over)
  return nameOver('zscore', measure.zscore as Measure, over)
}
