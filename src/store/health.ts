/** How everything stands, for `metalgap status`: feeds, pairs, breaches, what waits to be told. */
import type { Client } from './database.ts'

export interface FeedHealth {
  feed: string
  state: string
  /** last success */
  time: Date | null
  failures_in_row: number
  last_error: string | null
  last_tick_at: Date | null
}

/** Of the feeds that are polled. */
export async function feedHealth(client: Client): Promise<FeedHealth[]> {
  const { rows } = await client.query<FeedHealth>(
    `select feed, state, time, failures_in_row, last_error, last_tick_at from reporting.feed_health
     where state <> 'disabled' order by feed`,
  )
  return rows
}

export interface PairHealth {
  pair: string
  unit: string
  /** of the last premium; null before the first */
  time: Date | null
  as_quoted_usd: string | null
  as_quoted_pct: string | null
  age_seconds: string | null
  /** null before the first poll */
  comparability: string | null
  /** nobody polls any source of one of its sides; false before the first premium */
  is_imported: boolean
  reason: string | null
  /** the engine failed on it: it is folded again by the sweep */
  last_error: string | null
}

export async function pairHealth(client: Client): Promise<PairHealth[]> {
  const { rows } = await client.query<PairHealth>(
    `select pair, latest.unit, time, as_quoted_usd, as_quoted_pct, age_seconds, comparability, reason, last_error,
       exists (
         select from metalgap.configurations c, (values ('east'), ('west')) as side (side)
         where c.configuration_id = latest.configuration_id and 'import' = all (
           select schedule from jsonb_array_elements(body->'pairs'->pair->side) leg
             join metalgap.series on series = leg->>'series' join metalgap.feeds using (feed)
         )
       ) as is_imported
     from reporting.premiums_latest latest join metalgap.pairs using (pair) order by latest.metal, pair`,
  )
  return rows
}

export interface DeliveryCounts {
  pending: number
  /** given up in the last day */
  dead: number
  /** of the pending, how long the oldest has been due */
  overdue_seconds: string | null
}

export async function deliveryCounts(client: Client): Promise<DeliveryCounts> {
  const { rows } = await client.query<DeliveryCounts>(
    `select count(*) filter (where state = 'pending') as pending,
       count(*) filter (where state = 'dead' and finished_at > now() - interval '1 day') as dead,
       round(extract(epoch from now() - min(next_attempt_at) filter (where state = 'pending')), 3) as overdue_seconds
     from metalgap.deliveries`,
  )
  return rows[0] as DeliveryCounts
}
