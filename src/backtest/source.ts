/** Where a backtest's prices come from: what the database holds, or files. A source may be read as often as one likes. */
import type { Config } from '../config.ts'
import { legsOf, type PairSpec } from '../engine/spec.ts'
import { UserError } from '../errors.ts'
import { openScreen } from '../import/screen.ts'
import { type Fault, faultText, priceRows } from '../price-file.ts'
import type { ReplayTick } from '../replay/events.ts'
import type { StagedPrice } from '../store/staging.ts'
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

/** Reads files whole. Throws a UserError that names the rows that are wrong. */
export async function fileSource(
  config: Config,
  files: readonly string[],
  series: string | undefined,
  span: Span,
  now: number,
): Promise<Source> {
  const rows: StagedPrice[] = []
  const faults: Fault[] = []
  const screen = openScreen(config.series, now, false)
  for (const file of files) {
    for await (const batch of priceRows(file, series)) {
      for (const row of batch) {
        const staged = 'problem' in row ? row : screen.take(row)
        if ('problem' in staged) faults.push(staged)
        else rows.push(staged)
      }
      if (faults.length >= MOST_FAULTS) break
    }
  }
  if (faults.length > 0) throw new UserError(faults.slice(0, MOST_FAULTS).map(faultText).join('\n'))
  const ticks = ticksFrom(rows, span)
  return async function* (spec) {
    const wanted = new Set(seriesOf(spec))
    yield ticks.filter((tick) => wanted.has(tick.series))
  }
}

const MOST_FAULTS = 20

function seriesOf(spec: PairSpec): string[] {
  return [...new Set(legsOf(spec).map((leg) => leg.facts.series))]
}

/** As an import would store them: the same price again is no news, another one for the same time is a revision. */
function ticksFrom(rows: StagedPrice[], { from, to }: Span): ReplayTick[] {
  const newest = new Map<string, ReplayTick>()
  const ticks: ReplayTick[] = []
  rows.sort((a, b) => a.seen_at - b.seen_at)
  for (const { series, at, seen_at, price } of rows) {
    if ((from !== null && seen_at < from) || (to !== null && seen_at >= to)) continue
    const key = `${series} ${at}`
    const before = newest.get(key)
    if (before?.price === Number(price)) continue
    const revision = (before?.revision ?? 0) + 1
    const tick = { tick_id: ticks.length + 1, series, at, seen_at, price: Number(price), revision }
    const whole = { ...tick, quarantined: null, polled: false, told_id: tick.tick_id }
    newest.set(key, whole)
    ticks.push(whole)
  }
  return ticks
}
