/** Stored ticks for replay, streamed in COPY's binary format: a year of minutes in about two seconds, in flat memory. */
import type { Tick } from '../engine/model.ts'
import { copyOut, literal } from './copying.ts'
import { merged } from './merged.ts'

export interface StoredTick extends Tick {
  /** it came from a poll, not from a file */
  polled: boolean
  /** the order in which pairs were told; the id of the tick, unless it was told again later */
  told_id: number
}

export interface TickQuery {
  series: readonly string[]
  /** known in [from, to), epoch ms; null: no bound */
  from: number | null
  to: number | null
}

/** In the order in which they became known: a stream of its own for each series, which its index has in order. */
export function knownTicks(url: string, { series, from, to }: TickQuery): AsyncGenerator<StoredTick[]> {
  const bounds = [
    ...(from === null ? [] : [`told.seen_at >= ${moment(from)}`]),
    ...(to === null ? [] : [`told.seen_at < ${moment(to)}`]),
  ]
  const ordered = (name: string, columns: string) => {
    const wanted = [`told.series = ${literal(name)}`, ...bounds].join(' and ')
    const select = `select 0::int4 as series, ${columns} where ${wanted} order by told.seen_at`
    const statement = `copy (${select}) to stdout (format binary)`
    return ticksFrom(copyOut(url, statement, ORDERED), [name])
  }
  return merged(
    series.flatMap((name) => [ordered(name, `${TICK} from metalgap.ticks told`), ordered(name, RETOLD)]),
  )
}

/** What pairs were told by polls, in that order: behind `after`, up to and with `until`. */
export async function* toldTicks(
  url: string,
  series: readonly string[],
  after: number,
  until: number,
): AsyncGenerator<StoredTick[]> {
  const names = series.map((name) => literal(name))
  const index = (table: string) =>
    `case ${table}.series ${names.map((name, i) => `when ${name} then ${i}`).join(' ')} end::int4 as series`
  const wanted = (table: string, id: string) =>
    `${table}.series in (${names.join(', ')}) and ${id} > ${after} and ${id} <= ${until}`
  const statement = `copy (
    select ${index('ticks')}, ${TICK} from metalgap.ticks where ${wanted('ticks', 'tick_id')} and fetch_id is not null
    union all select ${index('told')}, ${RETOLD} where ${wanted('told', 'told_id')}
    order by told_id) to stdout (format binary)`
  yield* ticksFrom(copyOut(url, statement, ORDERED), series)
}

/** One ordered pass over the indexes, which starts at once, instead of a sort of everything. */
const ORDERED = ['sort', 'seqscan', 'bitmapscan', 'hashjoin', 'mergejoin']
  .map((way) => `set local enable_${way} = off`)
  .join('; ')

const TICK =
  'tick_id as told_id, tick_id, at, seen_at, price, revision, fetch_id is not null as polled, quarantined, disputed'
const RETOLD = `told_id, tick_id, at, told.seen_at, price, revision, true as polled, told.quarantined, told.disputed
  from metalgap.retold told join metalgap.ticks using (tick_id, at)`

function moment(epoch_ms: number): string {
  return `to_timestamp(${epoch_ms / 1000})`
}

const HEADER_BYTES = 19
/** Few, so that they are gone while V8 holds them for young: a pass over years takes a third less memory, and no longer. */
const BATCH = 100
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
    let ticks: StoredTick[] = []
    let offset = start
    for (let end = endOfRow(view, offset); end !== null; end = endOfRow(view, offset)) {
      ticks.push(tickAt(view, offset, series))
      offset = end
      if (ticks.length < BATCH) continue
      yield ticks
      ticks = []
    }
    rest = bytes.subarray(offset)
    if (ticks.length > 0) yield ticks
  }
}

const FIELDS = 10

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

/** Field count (2), then each field with its length (4) before it; all but price and words are of fixed size. */
function tickAt(view: DataView, start: number, series: readonly string[]): StoredTick {
  const price_at = start + 62
  const after = price_at + view.getInt32(price_at - 4)
  const quarantined = view.getInt32(after + 13)
  const disputed_at = after + 17 + Math.max(0, quarantined)
  const disputed = view.getInt32(disputed_at)
  const tick: StoredTick = {
    tick_id: int8(view, start + 26),
    series: series[view.getInt32(start + 6)] as string,
    at: EPOCH_2000 + Math.round(int8(view, start + 38) / 1000),
    seen_at: EPOCH_2000 + Math.round(int8(view, start + 50) / 1000),
    price: numeric(view, price_at),
    revision: view.getInt32(after + 4),
    quarantined: quarantined < 0 ? null : textAt(view, after + 17, quarantined),
    polled: view.getInt8(after + 12) === 1,
    told_id: int8(view, start + 14),
  }
  if (disputed >= 0) tick.disputed = textAt(view, disputed_at + 4, disputed)
  return tick
}

function int8(view: DataView, offset: number): number {
  return view.getInt32(offset) * 2 ** 32 + view.getUint32(offset + 4)
}

function textAt(view: DataView, offset: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + offset, length).toString('utf8')
}

/** The double next to an exact decimal, the same that Number makes of its text: one division of what is exact rounds. */
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
