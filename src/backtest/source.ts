/** Where a backtest's prices come from: what the database holds, or files. A source may be read as often as one likes. */
import { legsOf, type PairSpec } from '../engine/spec.ts'
import type { ReplayTick } from '../replay/events.ts'
import { knownTicks } from '../store/stored-ticks.ts'

/** The ticks of a pair in the order in which they became known. */
export type Source = (spec: PairSpec) => AsyncIterable<ReplayTick[]>

/** Epoch ms; null: no bound. */
export interface Span {
  from: number | null
  to: number | null
}

export function storedSource(url: string, span: Span): Source {
  return (spec) => knownTicks(url, { series: seriesOf(spec), ...span })
}

export function seriesOf(spec: PairSpec): string[] {
  return [...new Set(legsOf(spec).map((leg) => leg.facts.series))]
}
