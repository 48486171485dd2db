import type { Tick } from '../engine/model.ts'
import type { Client } from './database.ts'

export interface Outdated {
  premium_id: number
  /** ids of the ticks that it should stand on */
  east: number
  west: number
  fx: number | null
}

/** Premiums behind `after` that stand on an older revision of a series' prices in [from, to], in order. */
export async function outdatedPremiums(
  client: Client,
  asked: { pair: string; series: string; from: Date; to: Date; after: number; limit: number },
): Promise<Outdated[]> {
  const { pair, series, from, to, after, limit } = asked
  const { rows } = await client.query<Outdated>(OUTDATED, [pair, series, from, to, after, limit])
  return rows
}

const LEGS = ['east', 'west', 'fx'] as const

const OUTDATED = {
  name: 'outdated-premiums',
  text: `with revised as (
      select at, array_agg(tick_id) as known,
        (array_agg(tick_id order by revision desc) filter (where quarantined is null))[1] as newest
      from metalgap.ticks where series = $2 and at between $3 and $4 and at in (
        select at from metalgap.ticks where series = $2 and at between $3 and $4 and revision > 1
      ) group by at
    )
    ${LEGS.map(
      (
        leg,
      ) => `select premium_id, ${LEGS.map((each) => `${each === leg ? 'newest' : `${each}_tick_id`} as ${each}`)}
    from metalgap.premiums join revised on ${leg}_at = at and ${leg}_tick_id = any(known) and ${leg}_tick_id <> newest
    where pair = $1 and superseded_at is null and premium_id > $5`,
    ).join(' union all ')}
    order by premium_id limit $6`,
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
