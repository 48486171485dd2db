/** What holds now, from the views: of each series its last price, of each pair its last premium. */
import type { Client } from './database.ts'
import type { PremiumRow, PriceRow } from './history.ts'

export interface LatestPrice extends PriceRow {
  age_seconds: string
  /** null where no calendar says it */
  session: 'open' | 'closed' | null
}

export async function latestPrices(client: Client, series: string | null): Promise<LatestPrice[]> {
  const { rows } = await client.query<LatestPrice>(
    'select * from reporting.prices_latest where $1::text is null or series = $1 order by metal, series',
    [series],
  )
  return rows
}

/** All but the pair is null until there is a premium. */
export interface LatestPremium extends Omit<PremiumRow, 'time'> {
  time: Date | null
  age_seconds: string | null
  comparability: string | null
  reason: string | null
}

export async function latestPremiums(client: Client, pair: string | null): Promise<LatestPremium[]> {
  const { rows } = await client.query<LatestPremium>(
    'select * from reporting.premiums_latest where $1::text is null or pair = $1 order by metal, pair',
    [pair],
  )
  return rows
}

/** The enabled pairs; none where there is no schema yet. */
export async function watchedPairs(client: Client): Promise<string[]> {
  const known = await client.query<{ known: boolean }>(
    `select to_regclass('reporting.premiums_latest') is not null as known`,
  )
  if (!known.rows[0]?.known) return []
  const { rows } = await client.query<{ pair: string }>(
    'select pair from reporting.premiums_latest order by pair',
  )
  return rows.map(({ pair }) => pair)
}
