/** Price files as a source: of any size in flat memory, with their lines in any order. */
import type { Config } from '../config.ts'
import type { PairSpec } from '../engine/spec.ts'
import { UserError } from '../errors.ts'
import { openScreen, type Suspected } from '../import/screen.ts'
import { type Fault, faultText, priceRows, type Spoken } from '../price-file.ts'
import type { ReplayTick } from '../replay/events.ts'
import { type Row, revisionsAmong } from './revisions.ts'
import { openSorter, type Sorter } from './sorter.ts'
import { type Source, type Span, seriesOf } from './source.ts'

/** It keeps what it has read until it is disposed of. */
export type FileSource = Source & AsyncDisposable & { suspected: Suspected }

/**
 * Sorts prices by their times, where corrections are found, and then by when they were known. Throws a UserError that names
 * the rows that are wrong.
 */
export async function fileSource(
  config: Config,
  files: readonly string[],
  spoken: Spoken,
  span: Span,
  now: number,
): Promise<FileSource> {
  const names = Object.keys(config.series)
  await using opened = new AsyncDisposableStack()
  const ticks = opened.use(openSorter(TICK))
  await using rows = openSorter(ROW)
  const suspected = await readFiles(rows, files, spoken, config, now)
  for await (const part of sameTimes(rows.sorted()))
    for (const same of part) await addTicks(ticks, revisionsAmong(same, now), span)
  const kept = opened.move()
  return Object.assign((spec: PairSpec) => ticksOf(ticks, names, seriesOf(spec)), {
    suspected,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  })
}

const MOST_FAULTS = 20
/** Numbers of a row: at, series, id, seen_at, is_known, price. */
const ROW = 6
/** Numbers of a tick: seen_at, id, at, series, price, revision. */
const TICK = 6

async function readFiles(
  rows: Sorter,
  files: readonly string[],
  spoken: Spoken,
  config: Config,
  now: number,
): Promise<Suspected> {
  const places = new Map(Object.keys(config.series).map((name, place) => [name, place]))
  const screen = openScreen(config.series, now, false)
  const faults: Fault[] = []
  let id = 0
  for (const file of files) {
    for await (const lines of priceRows(file, spoken)) {
      for (const line of lines) {
        const row = 'problem' in line ? line : screen.take(line)
        if ('problem' in row) {
          faults.push(row)
          continue
        }
        const place = places.get(row.series) as number
        const full = rows.add([row.at, place, ++id, row.seen_at, row.is_known ? 1 : 0, Number(row.price)])
        if (full !== null) await full
      }
      if (faults.length >= MOST_FAULTS) break
    }
  }
  if (faults.length > 0) throw new UserError(faults.slice(0, MOST_FAULTS).map(faultText).join('\n'))
  return screen
}

/** Rows of one series and time, some such groups at once. */
async function* sameTimes(parts: AsyncIterable<Float64Array>): AsyncGenerator<Row[][]> {
  let same: Row[] = []
  for await (const part of parts) {
    const whole: Row[][] = []
    for (let i = 0; i < part.length; i += ROW) {
      const row = rowAt(part, i)
      if (same.length > 0 && (row.at !== same[0]?.at || row.series !== same[0]?.series)) {
        whole.push(same)
        same = []
      }
      same.push(row)
    }
    yield whole
  }
  if (same.length > 0) yield [same]
}

function rowAt(rows: Float64Array, i: number): Row {
  const number = (place: number) => rows[i + place] as number
  return {
    at: number(0),
    series: number(1),
    id: number(2),
    seen_at: number(3),
    is_known: number(4) === 1,
    price: number(5),
  }
}

async function addTicks(ticks: Sorter, revisions: readonly Row[], { from, to }: Span): Promise<void> {
  for (const [i, { seen_at, id, at, series, price }] of revisions.entries()) {
    if ((from !== null && seen_at < from) || (to !== null && seen_at >= to)) continue
    await ticks.add([seen_at, id, at, series, price, i + 1])
  }
}

async function* ticksOf(
  ticks: Sorter,
  names: readonly string[],
  wanted: readonly string[],
): AsyncGenerator<ReplayTick[]> {
  for await (const part of ticks.sorted()) {
    const some: ReplayTick[] = []
    for (let i = 0; i < part.length; i += TICK) {
      const tick = tickAt(part, i, names)
      if (wanted.includes(tick.series)) some.push(tick)
    }
    yield some
  }
}

function tickAt(ticks: Float64Array, i: number, names: readonly string[]): ReplayTick {
  const number = (place: number) => ticks[i + place] as number
  const id = number(1)
  return {
    tick_id: id,
    series: names[number(3)] as string,
    at: number(2),
    seen_at: number(0),
    price: number(4),
    revision: number(5),
    quarantined: null,
    polled: false,
    told_id: id,
  }
}
