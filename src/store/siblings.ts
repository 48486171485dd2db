/** What other sources say of an instrument at the moment that both have. */
import { SAME_MOMENT_MS } from '../engine/dispute.ts'
import type { Client } from './database.ts'

/** A newest quote, and another series of the same instrument to hold it against. */
export interface Sibling {
  series: string
  at: Date
  price: string
  other: string
}

export interface Comparison {
  series: string
  own_at: Date
  own_price: string
  other: string
  other_at: Date
  other_price: string
}

/**
 * Each quote beside the other source's tick of that time; where the other is behind by more than a moment, the tick of the
 * quote's series that is as old as the other's last one.
 */
export async function compareSiblings(client: Client, siblings: readonly Sibling[]): Promise<Comparison[]> {
  if (siblings.length === 0) return []
  const { rows } = await client.query<Comparison>(COMPARE, [
    siblings.map(({ series }) => series),
    siblings.map(({ at }) => at),
    siblings.map(({ price }) => price),
    siblings.map(({ other }) => other),
    SAME_MOMENT_MS,
  ])
  return rows
}

/** Nothing older than two hours is looked at, so that few partitions are. */
const COMPARE = {
  name: 'compare-siblings',
  text: `
    select own.series, own_then.at as own_at, own_then.price as own_price,
      own.other, other_then.at as other_at, other_then.price as other_price
    from unnest($1::text[], $2::timestamptz[], $3::numeric[], $4::text[]) as own (series, at, price, other)
    cross join lateral (
      select max(at) as at from metalgap.ticks
      where series = own.other and quarantined is null and at > own.at - interval '2 hours'
    ) latest
    cross join lateral (
      select own.at <= latest.at + $5 * interval '1 millisecond' as is_one
    ) moment
    cross join lateral (
      select at, price from metalgap.ticks
      where series = own.other and quarantined is null and at <= least(own.at, latest.at)
        and at > own.at - interval '2 hours'
      order by at desc, revision desc limit 1
    ) other_then
    cross join lateral (
      select own.at, own.price where moment.is_one
      union all
      (select at, price from metalgap.ticks
       where series = own.series and quarantined is null and not moment.is_one and at <= latest.at
         and at > own.at - interval '2 hours'
       order by at desc, revision desc limit 1)
    ) own_then`,
}
