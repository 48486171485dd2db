/** Stored ticks for replay, streamed in COPY's binary format: a year of minutes in about two seconds, in flat memory. */
import type { Tick } from '../engine/model.ts'
import { copyOut, literal } from './copying.ts'

export interface StoredTick extends Tick {
  /** it came from a poll, not from a file */
  polled: boolean
}

export interface TickQuery {
  series: readonly string[]
  /** known in [from, to), epoch ms; null: no bound */
  from: number | null
  to: number | null
}

/** In the order in which they became known. */
export async function* knownTicks(url: string, query: TickQuery): AsyncGenerator<StoredTick[]> {
  const bounds = [
    ...(query.from === null ? [] : [`seen_at >= ${moment(query.from)}`]),
    ...(query.to === null ? [] : [`seen_at < ${moment(query.to)}`]),
  ]
  const arms = query.series.map((series, i) => {
    const wanted = [`series = ${literal(series)}`, ...bounds].join(' and ')
    return `select ${i}::int4 as series, ${COLUMNS} from metalgap.ticks where ${wanted}`
  })
  const statement = `copy (${arms.join(' union all ')} order by seen_at) to stdout (format binary)`
  // One ordered pass over the indexes instead of a sort of everything.
  yield* ticksFrom(copyOut(url, statement, 'set local enable_sort = off'), query.series)
}

/** What was polled, in the order in which it was stored, behind a tick. */
export async function* polledTicks(
  url: string,
  series: readonly string[],
  after: number,
): AsyncGenerator<StoredTick[]> {
  const index = `case series ${series.map((name, i) => `when ${literal(name)} then ${i}`).join(' ')} end::int4`
  const wanted = `series in (${series.map((name) => literal(name)).join(', ')}) and tick_id > ${after}`
  const statement = `copy (select ${index} as series, ${COLUMNS} from metalgap.ticks
    where ${wanted} and fetch_id is not null order by tick_id) to stdout (format binary)`
  yield* ticksFrom(copyOut(url, statement, 'set local enable_sort = off'), series)
}

const COLUMNS = 'tick_id, at, seen_at, price, revision, fetch_id is not null as polled, quarantined'

function moment(epoch_ms: number): string {
  return `to_timestamp(${epoch_ms / 1000})`
}

const HEADER_BYTES = 19
const EPOCH_2000 = Date.UTC(2000, 0)

async function* ticksFrom(
  chunks: AsyncIterable<Buffer>,
  series: readonly string[],
): AsyncGenerator<StoredTick[]> {
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = true
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const start = isFirst ? HEADER_BYTES : 0
    if (bytes.length < start) {
      rest = bytes
      continue
    }
    isFirst = false
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const ticks: StoredTick[] = []
    let offset = start
    for (let end = endOfRow(view, offset); end !== null; end = endOfRow(view, offset)) {
      ticks.push(tickAt(view, offset, series))
      offset = end
    }
    rest = bytes.subarray(offset)
    if (ticks.length > 0) yield ticks
  }
}

const FIELDS = 8

/** Where the row that begins here ends; null while it is not here whole, and for the trailer. */
function endOfRow(view: DataView, start: number): number | null {
  let offset = start + 2
  if (offset > view.byteLength || view.getInt16(start) !== FIELDS) return null
  for (let i = 0; i < FIELDS; i++) {
    if (offset + 4 > view.byteLength) return null
    offset += 4 + Math.max(0, view.getInt32(offset))
  }
  return offset > view.byteLength ? null : offset
}

/** Field count (2), then each field with its length (4) before it; all but price and reason are of fixed size. */
function tickAt(view: DataView, start: number, series: readonly string[]): StoredTick {
  const price_at = start + 50
  const after = price_at + view.getInt32(price_at - 4)
  const reason = view.getInt32(after + 13)
  return {
    tick_id: int8(view, start + 14),
    series: series[view.getInt32(start + 6)] as string,
    at: EPOCH_2000 + Math.round(int8(view, start + 26) / 1000),
    seen_at: EPOCH_2000 + Math.round(int8(view, start + 38) / 1000),
    price: numeric(view, price_at),
    revision: view.getInt32(after + 4),
    quarantined: reason < 0 ? null : textAt(view, after + 17, reason),
    polled: view.getInt8(after + 12) === 1,
  }
}

function int8(view: DataView, offset: number): number {
  return view.getInt32(offset) * 2 ** 32 + view.getUint32(offset + 4)
}

function textAt(view: DataView, offset: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + offset, length).toString('utf8')
}

/** The double next to an exact decimal, the same that Number makes of its text: digits and power are exact, one division rounds. */
function numeric(view: DataView, offset: number): number {
  const digits = view.getInt16(offset)
  const power = (view.getInt16(offset + 2) - digits + 1) * 4
  let whole = 0
  for (let i = 0; i < digits; i++) whole = whole * 10_000 + view.getInt16(offset + 8 + i * 2)
  if (whole <= Number.MAX_SAFE_INTEGER && power >= -20 && power <= 0) return whole / 10 ** -power
  let text = ''
  for (let i = 0; i < digits; i++) text += String(view.getInt16(offset + 8 + i * 2)).padStart(4, '0')
  return Number(`${text}e${power}`)
}
