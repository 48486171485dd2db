/** What the demo shows: how every pair stands, and what has happened. */
import type { Client } from './database.ts'

/** Its newest premium, its rules' state, whether it may be compared, its newest delivery. */
export interface PairStanding {
  pair: string
  metal: string
  unit: string
  /** the newest premium; exact text, null before the first */
  time: Date | null
  east_usd: string | null
  west_usd: string | null
  as_quoted_usd: string | null
  as_quoted_pct: string | null
  comparability: string | null
  reason: string | null
  /** rules of the engine's state, by name */
  rules: Record<string, StandingRule> | null
  /** the newest delivery about a breach of the pair */
  alert: string | null
  alert_at: Date | null
  alert_state: 'pending' | 'delivered' | 'dead' | null
}

export interface StandingRule {
  breach: object | null
  up: ({ held_ms: number } | null)[]
  down: ({ held_ms: number } | null)[]
}

export async function standings(client: Client): Promise<PairStanding[]> {
  const { rows } = await client.query<PairStanding>({
    name: 'standings',
    text: `
      select p.pair, p.metal, p.unit, p.state -> 'rules' as rules,
             m.time, m.east_usd, m.west_usd, m.as_quoted_usd, m.as_quoted_pct,
             c.state as comparability, c.reason,
             d.type as alert, d.created_at as alert_at, d.state as alert_state
        from metalgap.pairs p
        left join lateral (
          select * from metalgap.premiums
           where pair = p.pair and superseded_at is null
           order by time desc, premium_id desc limit 1) m on true
        left join metalgap.comparability c on c.pair = p.pair and c.until is null
        left join lateral (
          select d.type, d.created_at, d.state
            from metalgap.deliveries d join metalgap.breaches b using (breach_id)
           where b.pair = p.pair
           order by d.created_at desc limit 1) d on true
       where p.enabled
       order by p.metal desc, p.pair`,
  })
  return rows
}

/** What happened since `since`: for a summary that adds up. */
export interface Counts {
  premiums: number
  raised: number
  cleared: number
  deliveries: number
  delivered: number
}

export async function countsSince(client: Client, since: Date): Promise<Counts> {
  const { rows } = await client.query<Counts>(
    `select (select count(*) from metalgap.premiums where seen_at >= $1) as premiums,
            (select count(*) from metalgap.transitions where kind = 'raised' and seen_at >= $1) as raised,
            (select count(*) from metalgap.transitions where kind = 'cleared' and seen_at >= $1) as cleared,
            (select count(*) from metalgap.deliveries where created_at >= $1) as deliveries,
            (select count(*) from metalgap.deliveries where created_at >= $1 and state = 'delivered') as delivered`,
    [since],
  )
  return rows[0] ?? { premiums: 0, raised: 0, cleared: 0, deliveries: 0, delivered: 0 }
}

/** Pairs in the database that are none of `own`; empty where there is no schema yet. */
export async function pairsBeside(client: Client, own: readonly string[]): Promise<string[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `select to_regclass('metalgap.pairs') is not null as exists`,
  )
  if (!found[0]?.exists) return []
  const { rows } = await client.query<{ pair: string }>(
    'select pair from metalgap.pairs where pair <> all ($1) order by pair',
    [own],
  )
  return rows.map(({ pair }) => pair)
}
