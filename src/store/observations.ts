/** Stored premiums as they stand after every correction: what rules are folded again over. */
import type { Premium, Tick } from '../engine/model.ts'
import type { WindowSpec } from '../engine/spec.ts'
import { SLOTS } from '../engine/window.ts'
import type { Client } from './database.ts'
import { ticksById } from './imported-premiums.ts'

export interface Asked {
  pair: string
  /** how far the legs and the rate of one premium may lie apart */
  span_ms: number
  /** what was stored behind this premium is not looked at */
  until: number
}

export type StoredPremium = Premium & { premium_id: number }

/** The premiums, each once, that stand on an older revision of these ticks. */
export function premiumsOn(client: Client, asked: Asked, revised: readonly Tick[]): Promise<StoredPremium[]> {
  const times = revised.map(({ at }) => at)
  return premiums(client, PREMIUMS_ON, [
    ...[asked.pair, asked.until, new Date(Math.min(...times) - asked.span_ms)],
    ...[new Date(Math.max(...times) + asked.span_ms), revised.map(({ series }) => series)],
    times.map((at) => new Date(at)),
  ])
}

/** What rules were told from an instant on, oldest first. */
export function observationsSince(client: Client, asked: Asked, since: number): Promise<StoredPremium[]> {
  return premiums(client, OBSERVATIONS_SINCE, [
    ...[asked.pair, asked.until, asked.span_ms / 1000],
    new Date(since),
  ])
}

/** Of a window that begins at `from`: the last observation of each slot, and the one before it. */
export function slotsBetween(
  client: Client,
  asked: Asked,
  { over_ms }: WindowSpec,
  { from, to }: { from: number; to: number | null },
): Promise<StoredPremium[]> {
  return premiums(client, SLOTS_BETWEEN, [
    ...[asked.pair, asked.until, asked.span_ms / 1000],
    ...[new Date(from), to === null ? 'infinity' : new Date(to), over_ms],
  ])
}

/** `first` is what was observed: its number orders, and it knows what the holds counted; `next` takes its place. */
const STANDING = `
  select p.*, lead(premium_id) over legs as next, first_value(premium_id) over legs as first_id,
    first_value(standing) over legs as first_standing, first_value(elapsed_ms) over legs as counted_ms,
    first_value(spell_ms) over legs as gap_ms
  from metalgap.premiums p where pair = $1 and premium_id <= $2`
const SLOT = `floor(extract(epoch from time) * 1000 * ${SLOTS} / $6::numeric)`
const LEGS = 'window legs as (partition by east_at, west_at order by premium_id)'

const PREMIUMS_ON = `
  with revised as (
    select tick_id from unnest($5::text[], $6::timestamptz[]) as asked (series, at)
    join metalgap.ticks using (series, at) where quarantined is null
  )
  select * from (
    ${STANDING} and east_at between $3 and $4 ${LEGS}
  ) standing where next is null
    and exists (select from revised where tick_id in (east_tick_id, west_tick_id, fx_tick_id))
  order by first_id`

const OBSERVATIONS_SINCE = `
  select * from (
    ${STANDING} and east_at >= $4::timestamptz - $3 * interval '1 s' and time >= $4 ${LEGS}
  ) standing where next is null and counted_ms is not null order by first_id`

const SLOTS_BETWEEN = `
  with last_before as (
    select east_at, west_at from metalgap.premiums
    where pair = $1 and premium_id <= $2 and time < $4 and standing <> 'late' and superseded_at is null
    order by time desc limit 1
  ), observed as (
    select * from (
      ${STANDING} and east_at >= $4::timestamptz - $3 * interval '1 s' and time >= $4 and time < $5 ${LEGS}
    ) standing where next is null and first_standing = 'observation'
  )
  select * from (
    select distinct on (${SLOT}) * from observed order by ${SLOT}, first_id desc
  ) slots
  union all select * from (
    ${STANDING} and (east_at, west_at) in (select * from last_before) ${LEGS}
  ) standing where next is null
  order by time, first_id`

interface Row {
  [column: string]: string | number | Date | null
}

async function premiums(client: Client, text: string, values: readonly unknown[]): Promise<StoredPremium[]> {
  const { rows } = await client.query<Row>(text, values)
  const ids = rows.flatMap((row) =>
    [row['east_tick_id'], row['west_tick_id'], row['fx_tick_id'] ?? []].flat(),
  )
  const times = rows.flatMap((row) => [row['east_at'], row['west_at'], row['fx_at'] ?? []].flat() as Date[])
  const ticks = await ticksById(client, ids as number[], times)
  return rows.map((row) => premiumOf(row, ticks))
}

function premiumOf(row: Row, ticks: ReadonlyMap<number, Tick>): StoredPremium {
  const tick = (leg: string) => ticks.get(row[`${leg}_tick_id`] as number) as Tick
  const number = (column: string) => Number(row[column])
  const perhaps = (column: string) => (row[column] == null ? null : Number(row[column]))
  return {
    premium_id: number('premium_id'),
    time: (row['time'] as Date).getTime(),
    seen_at: (row['seen_at'] as Date).getTime(),
    east: tick('east'),
    west: tick('west'),
    fx: row['fx_tick_id'] == null ? null : tick('fx'),
    east_usd: number('east_usd'),
    west_usd: number('west_usd'),
    as_quoted_usd: number('as_quoted_usd'),
    as_quoted_pct: number('as_quoted_pct'),
    ex_tax_usd: perhaps('ex_tax_usd'),
    ex_tax_pct: perhaps('ex_tax_pct'),
    landed_usd: perhaps('landed_usd'),
    landed_pct: perhaps('landed_pct'),
    skew_ms: number('skew_ms'),
    standing: row['standing'] as Premium['standing'],
    elapsed_ms: perhaps('counted_ms'),
    spell_ms: number('gap_ms'),
  }
}
