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

/** What is kept of a line; `id` counts them. */
interface Row extends Pick<StagedPrice, 'series' | 'at' | 'seen_at' | 'is_known'> {
  id: number
  price: number
}

/** Reads files whole. Throws a UserError that names the rows that are wrong. */
export async function fileSource(
  config: Config,
  files: readonly string[],
  series: string | undefined,
  span: Span,
  now: number,
): Promise<Source> {
  const rows: Row[] = []
  const faults: Fault[] = []
  const screen = openScreen(config.series, now, false)
  for (const file of files) {
    for await (const batch of priceRows(file, series)) {
      for (const row of batch) {
        const staged = 'problem' in row ? row : screen.take(row)
        if ('problem' in staged) faults.push(staged)
        else rows.push(rowOf(staged, rows.length + 1))
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

function rowOf({ series, at, seen_at, is_known, price }: StagedPrice, id: number): Row {
  return { series, at, seen_at, is_known, price: Number(price), id }
}

function seriesOf(spec: PairSpec): string[] {
  return [...new Set(legsOf(spec).map((leg) => leg.facts.series))]
}

/** As an import would store them: the same price again is no news, another one for the same time is a revision. */
function ticksFrom(rows: Row[], { from, to }: Span, now: number): ReplayTick[] {
  const ticks: ReplayTick[] = []
  rows.sort((a, b) => (a.series === b.series ? a.at - b.at : a.series < b.series ? -1 : 1))
  for (let begin = 0, end = 0; begin < rows.length; begin = end) {
    const { series, at } = rows[begin] as Row
    while (rows[end]?.series === series && rows[end]?.at === at) end += 1
    revisionsAmong(rows.slice(begin, end), now).forEach(({ seen_at, price, id }, i) => {
      if ((from !== null && seen_at < from) || (to !== null && seen_at >= to)) return
      const tick = { tick_id: id, series, at, seen_at, price, revision: i + 1 }
      ticks.push({ ...tick, quarantined: null, polled: false, told_id: id })
    })
  }
  return ticks.sort((a, b) => a.seen_at - b.seen_at)
}

/** Of rows of one series and time: what src/store/staging.ts makes of them in the database. */
function revisionsAmong(rows: readonly Row[], now: number): Row[] {
  const first = rows.reduce((one, other) => (other.seen_at < one.seen_at ? other : one))
  if (rows.length === 1) return [first]
  const known = rows.map((row) => (row.is_known ? row : { ...row, seen_at: now }))
  known.sort((a, b) => a.seen_at - b.seen_at)
  const revisions = [first]
  const prices = new Set([first.price])
  for (;;) {
    const newest = revisions.at(-1) as Row
    const next = known.find(
      ({ price, is_known, seen_at }) =>
        price !== newest.price && ((is_known && seen_at > newest.seen_at) || !prices.has(price)),
    )
    if (next === undefined) return revisions
    prices.add(next.price)
    revisions.push(next)
  }
}
