/** Stored premiums as they stand after every correction: what rules are folded again over. */
import type { Premium, Tick } from '../engine/model.ts'
import type { WindowSpec } from '../engine/spec.ts'
import { SLOTS } from '../engine/window.ts'
import type { Client } from './database.ts'
import { seriesOf } from './premiums.ts'
import { ticksById } from './ticks.ts'

export interface Asked {
  pair: string
  /** may another rate correct a premium, as it does with dates? */
  is_dated: boolean
  /** how far the legs and the rate of one premium may lie apart */
  span_ms: number
  /** what was stored behind this premium is not looked at */
  until: number
}

export type StoredPremium = Premium & { premium_id: number }

/** The premiums that stand on an older revision of these ticks, as often as they were observed. */
export function premiumsOn(client: Client, asked: Asked, revised: readonly Tick[]): Promise<StoredPremium[]> {
  return premiums(client, PREMIUMS_ON, [
    ...common(asked),
    ...[revised.map(({ series }) => series), revised.map(({ at }) => new Date(at))],
  ])
}

/** What rules were told from an instant on, oldest first. */
export function observationsSince(client: Client, asked: Asked, since: number): Promise<StoredPremium[]> {
  return premiums(client, OBSERVATIONS_SINCE, [...common(asked), new Date(since)])
}

/** Of a window that begins at `from`: the last observation of each slot, and the one before it. */
export function slotsBetween(
  client: Client,
  asked: Asked,
  { over_ms }: WindowSpec,
  { from, to }: { from: number; to: number | null },
): Promise<StoredPremium[]> {
  const values = [new Date(from), to === null ? 'infinity' : new Date(to), over_ms]
  return premiums(client, SLOTS_BETWEEN, [...common(asked), ...values])
}

function common({ pair, until, is_dated, span_ms }: Asked): readonly unknown[] {
  return [pair, until, is_dated, span_ms / 1000]
}

/** `first_id` is what was observed: its number orders, and it knows what the holds counted; `last_id` has its numbers now. */
const standing = (which: string) => `
  select premium_id as first_id, standing as first_standing, elapsed_ms as counted_ms, spell_ms as gap_ms, time,
    last_value(premium_id) over legs as last_id
  from metalgap.premiums p where pair = $1 and premium_id <= $2 and ${which}
  window legs as (
    partition by ${seriesOf('p', 'east')}, east_at, ${seriesOf('p', 'west')}, west_at, case when $3 then null else fx_at end
    order by premium_id rows between unbounded preceding and unbounded following
  )`
const asItStands = (observed: string) => `
  select now.*, first_id, counted_ms, gap_ms from (${observed}) observed
  join metalgap.premiums now on now.premium_id = last_id`
/** The pair was comparable; a date may be observed while it is not, and then is no part of any history. */
const COUNTS = "first_standing = 'observation' and counted_ms is not null"
const SPAN = "$4 * interval '1 s'"
const SLOT = `floor(extract(epoch from time) * 1000 * ${SLOTS} / $7::numeric)`
const AHEAD = "interval '2 minutes'" // of our clock, at most, is the time that a source gives

// A rate may be much older than the legs: it is used until a later one becomes known, be that after a weekend.
const PREMIUMS_ON = `
  with asked as (
    select series, at from unnest($5::text[], $6::timestamptz[]) as asked (series, at)
  ), revised as (
    select tick_id from asked join metalgap.ticks using (series, at) where quarantined is null
  ), next as (
    select coalesce((
      select greatest(at, seen_at + ${AHEAD}) from metalgap.ticks
      where series = asked.series and at > asked.at and seen_at > asked.at - ${AHEAD} and quarantined is null
        and fetch_id is not null
      order by seen_at limit 1
    ), 'infinity') as at from asked
  )
  ${asItStands(
    standing(
      `east_at between (select min(at) from asked) - ${SPAN} and (select max(at) from next) + ${SPAN}`,
    ),
  )}
  where first_standing <> 'correction'
    and exists (select from revised where tick_id in (east_tick_id, west_tick_id, fx_tick_id))
  order by first_id`

const OBSERVATIONS_SINCE = `
  ${asItStands(standing(`east_at >= $5::timestamptz - ${SPAN} and time >= $5`))}
  where ${COUNTS} and gap_ms is not null order by first_id`

const SLOTS_BETWEEN = `
  with last_before as (
    select east_at, west_at from metalgap.premiums last
    where pair = $1 and time < $5 and superseded_at is null and exists (
      select from metalgap.premiums told where told.pair = $1 and told.premium_id <= $2
        and told.east_at = last.east_at and told.west_at = last.west_at and told.standing = 'observation'
        and told.elapsed_ms is not null
    )
    order by time desc fetch first row with ties
  ), observed as (
    ${standing(`east_at >= $5::timestamptz - ${SPAN} and time >= $5 and time < $6`)}
  ), before as (
    ${standing('(east_at, west_at) in (select * from last_before)')}
  )
  ${asItStands(`
    (select distinct on (${SLOT}) * from observed where ${COUNTS} order by ${SLOT}, first_id desc)
    union all (select * from before where ${COUNTS} order by first_id desc limit 1)`)}
  order by now.time, first_id`

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
    elapsed_ms: row['gap_ms'] == null ? null : perhaps('counted_ms'),
    spell_ms: number('gap_ms'),
  }
}
