import type { Tick } from '../engine/model.ts'
import type { TickText } from '../message/breach.ts'
import type { Client, Transaction } from './database.ts'

export interface TickRow {
  tick_id: number
  series: string
  at: Date
  revision: number
  price: string
  bid: string | null
  ask: string | null
  seen_at: Date
  quarantined: string | null
  /** what another source of the instrument says instead */
  disputed: string | null
  fetch_id: number | null
}

/** Numbers for ticks that are about to be stored: the engine's state names them before they are. */
export async function takeTickIds(client: Client, count: number): Promise<number[]> {
  const { rows } = await client.query<{ tick_id: number }>(TAKE_IDS, [count])
  return rows.map((row) => row.tick_id)
}

const TAKE_IDS = {
  name: 'take-tick-ids',
  text: `select nextval('metalgap.ticks_tick_id_seq') as tick_id from generate_series(1, $1::int)`,
}

export function insertTicks(client: Transaction, rows: readonly TickRow[]): void {
  client.send(INSERT, [JSON.stringify(rows)])
}

const INSERT = {
  name: 'insert-ticks',
  text: `insert into metalgap.ticks (tick_id, series, at, revision, price, bid, ask, seen_at, quarantined, disputed, fetch_id)
    overriding system value
    select * from jsonb_to_recordset($1) as tick (tick_id bigint, series text, at timestamptz, revision integer,
      price numeric, bid numeric, ask numeric, seen_at timestamptz, quarantined text,
      disputed text, fetch_id bigint)`,
}

/** The exact text of ticks, with what a reader needs to know of their series. */
export async function tickTexts(client: Client, ticks: readonly Tick[]): Promise<Map<number, TickText>> {
  if (ticks.length === 0) return new Map()
  const { rows } = await client.query<TickText>(TEXTS, [
    ticks.map(({ tick_id }) => tick_id),
    ticks.map(({ series }) => series),
    ticks.map(({ at }) => new Date(at)),
  ])
  return new Map(rows.map((row) => [row.tick_id, row]))
}

/** By their moments: by id alone every month would be looked into. */
const TEXTS = {
  name: 'tick-texts',
  text: `select tick.*, currency, unit, tax_basis, venue, zone
    from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as asked (tick_id, series, at)
    cross join lateral (
      select tick_id, series, price, at, seen_at from metalgap.ticks
      where series = asked.series and at = asked.at and tick_id = asked.tick_id limit 1
    ) tick
    join metalgap.series on series.series = tick.series`,
}

interface EngineTickRow extends Omit<TickRow, 'bid' | 'ask' | 'fetch_id'> {}

/** The polled ticks of a series behind one that was folded, in the order in which they were stored. */
export async function ticksSince(client: Client, series: string, tick_id: number): Promise<Tick[]> {
  const { rows } = await client.query<EngineTickRow>(
    `select tick_id, series, at, revision, price, seen_at, quarantined, disputed from metalgap.ticks
     where series = $1 and tick_id > $2 and fetch_id is not null order by tick_id`,
    [series, tick_id],
  )
  return rows.map(engineTick)
}

/** The last good tick of a series that a poll brought (files never alert): what a pair starts from that has not seen it. */
export async function lastGoodTick(client: Client, series: string): Promise<Tick | null> {
  const { rows } = await client.query<EngineTickRow>(
    `select tick_id, series, at, revision, price, seen_at, quarantined, disputed from metalgap.ticks
     where series = $1 and quarantined is null and fetch_id is not null order by at desc, revision desc limit 1`,
    [series],
  )
  return rows[0] === undefined ? null : engineTick(rows[0])
}

function engineTick(row: EngineTickRow): Tick {
  const { tick_id, series, at, revision, price, seen_at, quarantined, disputed } = row
  return {
    tick_id,
    series,
    at: at.getTime(),
    seen_at: seen_at.getTime(),
    price: Number(price),
    revision,
    quarantined,
    ...(disputed !== null && { disputed }),
  }
}

/** Ticks as the engine wants them; their `times`, where they are known, spare the months that hold none of them. */
export async function ticksById(
  client: Client,
  tick_ids: readonly number[],
  times: readonly Date[] = [],
): Promise<Map<number, Tick>> {
  const { rows } = await client.query<Tick>(
    `select tick_id, series, extract(epoch from at)::float8 * 1000 as at,
       extract(epoch from seen_at)::float8 * 1000 as seen_at, price::float8 as price, revision, quarantined
     from metalgap.ticks where tick_id = any($1)
       and at between coalesce($2::timestamptz, '-infinity') and coalesce($3::timestamptz, 'infinity')`,
    [tick_ids, extreme(times, Math.min), extreme(times, Math.max)],
  )
  return new Map(rows.map((row) => [row.tick_id, row]))
}

function extreme(times: readonly Date[], which: (a: number, b: number) => number): Date | null {
  const first = times[0]?.getTime()
  if (first === undefined) return null
  return new Date(times.reduce((so_far, time) => which(so_far, time.getTime()), first))
}
