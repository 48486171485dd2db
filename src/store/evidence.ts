/** Everything that a premium rests on: its ticks with the pages they came from, and the configuration in force. */
import type { Config } from '../config.ts'
import type { Client } from './database.ts'
import { isOfSameLegs } from './premiums.ts'

/** What a configuration's row keeps of it; those that were stored before there was `own` have none. */
export type ConfigurationBody = Pick<Config, 'metals' | 'pairs' | 'rules' | 'exposures' | 'feeds'> &
  Partial<Pick<Config, 'own'>>

export interface PremiumEvidence {
  premium_id: number
  pair: string
  time: Date
  seen_at: Date
  /** exact text, as stored */
  east_usd: string
  west_usd: string
  usdcny: string | null
  as_quoted_usd: string
  as_quoted_pct: string
  ex_tax_usd: string | null
  ex_tax_pct: string | null
  skew_ms: number
  standing: 'observation' | 'late' | 'correction'
  superseded_at: Date | null
  east_tick_id: number
  west_tick_id: number
  fx_tick_id: number | null
  configuration_hash: string
  configuration_since: Date
  configuration: ConfigurationBody
}

/** Null when there is no such premium. */
export async function premiumEvidence(client: Client, premium_id: number): Promise<PremiumEvidence | null> {
  const { rows } = await client.query<PremiumEvidence>(
    `select p.*, c.hash as configuration_hash, c.since as configuration_since, c.body as configuration
     from metalgap.premiums p join metalgap.configurations c using (configuration_id) where premium_id = $1`,
    [premium_id],
  )
  return rows[0] ?? null
}

/** The premium that took the place of one that was corrected. */
export async function correctionOf(client: Client, premium_id: number): Promise<number | null> {
  const { rows } = await client.query<{ premium_id: number }>(
    `select newer.premium_id from metalgap.premiums old
     join metalgap.premiums newer on newer.pair = old.pair and newer.standing = 'correction'
       and ${isOfSameLegs('newer', 'old')}
     where old.premium_id = $1 and newer.premium_id > old.premium_id order by newer.premium_id limit 1`,
    [premium_id],
  )
  return rows[0]?.premium_id ?? null
}

export interface TickEvidence {
  tick_id: number
  series: string
  name: string
  feed: string
  instrument: string
  /** as published */
  price: string
  currency: string
  unit: string | null
  at: Date
  seen_at: Date
  revision: number
  /** null for a price that came from a file; then so is everything below */
  fetch_id: number | null
  page: string | null
  finished_at: Date | null
  status: number | null
  content_type: string | null
  /** sha256 in hex */
  body_hash: string | null
  /** the fetch that keeps the body: an earlier one where the page had not changed */
  body_fetch_id: number | null
  /** gzip */
  body: Buffer | null
}

/** In the order of the ids. */
export async function tickEvidence(client: Client, tick_ids: readonly number[]): Promise<TickEvidence[]> {
  const { rows } = await client.query<TickEvidence>(
    `select t.tick_id, t.series, s.name, s.feed, s.instrument, t.price, s.currency, s.unit, t.at, t.seen_at, t.revision,
       t.fetch_id, f.page, f.finished_at, f.status, f.content_type, encode(f.body_hash, 'hex') as body_hash,
       f.body_fetch_id, kept.body
     from metalgap.ticks t
     join metalgap.series s using (series)
     left join metalgap.fetches f on f.fetch_id = t.fetch_id
     left join metalgap.fetches kept on kept.fetch_id = f.body_fetch_id
     where t.tick_id = any($1) order by array_position($1, t.tick_id)`,
    [tick_ids],
  )
  return rows
}

export interface LedTo {
  rule: string
  breach_id: string
  sequence: number
  kind: string
}

/** The steps of breaches that a premium decided. */
export async function transitionsOf(client: Client, premium_id: number): Promise<LedTo[]> {
  const { rows } = await client.query<LedTo>(
    `select rule, breach_id, sequence, kind from metalgap.transitions join metalgap.breaches using (breach_id)
     where premium_id = $1 order by rule, sequence`,
    [premium_id],
  )
  return rows
}
