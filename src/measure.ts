/** What a rule measures, as it is named in breaches and messages: `as_quoted_usd`, `change(as_quoted_usd, 24h)`. */
import { duration } from './config/schema/words.ts'
import type { Measure, WindowSpec } from './engine/spec.ts'

export type MeasureName = Measure | `${WindowSpec['kind']}(${Measure}, ${string})`

const OVER_HISTORY = /^(change|percentile|zscore)\((\w+), (\w+)\)$/

/** `over` as the operator wrote it. */
export function nameOver(kind: WindowSpec['kind'], measure: Measure, over: string): MeasureName {
  return `${kind}(${measure}, ${over})`
}

/** A name that was stored or configured; `over` is null for a measure that needs no history. */
export function readMeasure(name: string): {
  measure: Measure
  window: WindowSpec | null
  over: string | null
} {
  const [, kind, measure, over] = OVER_HISTORY.exec(name) ?? []
  if (over === undefined) return { measure: name as Measure, window: null, over: null }
  const window = { kind: kind as WindowSpec['kind'], over_ms: duration.parse(over) }
  return { measure: measure as Measure, window, over }
}

/** Of its values and bounds: 'USD/oz', '%', 'percentile' or 'σ'; `unit` is the pair's. */
export function unitOf(name: string, unit: string): string {
  const { measure, window } = readMeasure(name)
  if (window?.kind === 'percentile') return 'percentile'
  if (window?.kind === 'zscore') return 'σ'
  return measure.endsWith('_pct') ? '%' : `USD/${unit}`
}
