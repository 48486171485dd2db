/** Where a backtest's prices come from: what the database holds, or files. A source may be read as often as one likes. */
import type { Config } from '../config.ts'
import { legsOf, type PairSpec } from '../engine/spec.ts'
import { UserError } from '../errors.ts'
import { openScreen } from '../import/screen.ts'
import { type Fault, faultText, priceRows } from '../price-file.ts'
import type { ReplayTick } from '../replay/events.ts'
import type { StagedPrice } from '../store/batch.ts'
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
  const ticks = ticksFrom(rows, span, now)
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
function ticksFrom(rows: readonly StagedPrice[], { from, to }: Span, now: number): ReplayTick[] {
  const ticks: ReplayTick[] = []
  for (const same of Map.groupBy(rows, ({ series, at }) => `${series} ${at}`).values()) {
    revisionsAmong(same, now).forEach(({ series, at, seen_at, price }, i) => {
      if ((from !== null && seen_at < from) || (to !== null && seen_at >= to)) return
      const id = ticks.length + 1
      const tick = { tick_id: id, series, at, seen_at, price: Number(price), revision: i + 1 }
      ticks.push({ ...tick, quarantined: null, polled: false, told_id: id })
    })
  }
  return ticks.sort((a, b) => a.seen_at - b.seen_at)
}

/** Of rows of one series and time, in the order of their lines: what src/store/staging.ts makes of them in the database. */
function revisionsAmong(rows: readonly StagedPrice[], now: number): StagedPrice[] {
  const revisions = rows.slice(0, 1)
  if (rows.length === 1) return revisions
  const prices = new Set(revisions.map(({ price }) => Number(price)))
  for (;;) {
    const newest = revisions.at(-1) as StagedPrice
    const next = rows.find(({ price, is_known, seen_at }) => {
      if (Number(price) === Number(newest.price)) return false
      return (is_known && seen_at > newest.seen_at) || !prices.has(Number(price))
    })
    if (next === undefined) return revisions
    prices.add(Number(next.price))
    revisions.push(next.is_known ? next : { ...next, seen_at: now })
  }
}
