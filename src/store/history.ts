/** What happened, from the views: newest last, so that it reads like a log. Numerics are exact text. */
import type { Client } from './database.ts'
import type { Silence } from './silences.ts'

/** Every filter that is null lets everything through. */
export interface Span {
  since: Date | null
  /** the newest so many; null: all */
  limit: number | null
}

export interface PriceRow {
  time: Date
  series: string
  feed: string
  metal: string
  venue: string
  kind: string
  price: string
  currency: string
  unit: string | null
  tax_basis: string
  seen_at: Date
  revision: number
  tick_id: number
}

export interface PriceRevision extends PriceRow {
  quarantined: boolean
  reason: string | null
}

export function priceHistory(client: Client, span: Span, series: string | null): Promise<PriceRow[]> {
  return newest(client, 'reporting.prices', 'tick_id', span, { series })
}

/** Corrected and disbelieved prices included. */
export function priceRevisions(client: Client, span: Span, series: string | null): Promise<PriceRevision[]> {
  return newest(client, 'reporting.price_revisions', 'tick_id', span, { series })
}

export interface PremiumRow {
  time: Date
  pair: string
  metal: string
  unit: string
  east_usd: string
  west_usd: string
  usdcny: string | null
  as_quoted_usd: string
  as_quoted_pct: string
  ex_tax_usd: string | null
  ex_tax_pct: string | null
  landed_usd: string | null
  landed_pct: string | null
  skew_seconds: string
  seen_at: Date
  standing: string
  premium_id: number
}

export function premiumHistory(client: Client, span: Span, pair: string | null): Promise<PremiumRow[]> {
  return newest(client, 'reporting.premiums', 'premium_id', span, { pair })
}

export interface BreachRow {
  time: Date
  pair: string
  rule: string
  state: string
  severity: string
  measure: string
  raise: string
  clear: string
  value: string
  peak: string
  cleared_at: Date | null
  breach_id: string
}

export function breachHistory(
  client: Client,
  span: Span,
  filter: { pair: string | null; rule: string | null; open: boolean },
): Promise<BreachRow[]> {
  const { pair, rule, open } = filter
  return newest(
    client,
    'reporting.breaches',
    'breach_id',
    span,
    { pair, rule },
    open ? 'cleared_at is null' : 'true',
  )
}

export interface DeliveryRow {
  time: Date
  breach_id: string | null
  sequence: number
  channel: string
  kind: string
  state: 'pending' | 'delivered' | 'dead' | 'shadow' | 'silenced'
  attempts: number
  last_status: number | null
  last_error: string | null
  next_attempt_at: Date | null
  delivery_id: string
  type: string
}

export function deliveryHistory(
  client: Client,
  span: Span,
  filter: { channel: string | null; state: string | null; breach_id: string | null },
): Promise<DeliveryRow[]> {
  return newest(client, 'reporting.deliveries', 'sequence', span, filter)
}

export interface SilenceRow extends Omit<Silence, 'began_at' | 'warned_at'> {
  time: Date
  /** deliveries that it kept from being sent */
  silenced: number
}

/** Only those that hold unless `all`. */
export async function silenceHistory(client: Client, all: boolean): Promise<SilenceRow[]> {
  const { rows } = await client.query<SilenceRow>(
    'select * from reporting.silences where $1 or (ended_at is null and until > now()) order by time',
    [all],
  )
  return rows
}

/** The newest rows of a view, oldest of them first; view, order and columns are ours, values are the caller's. */
async function newest<Row>(
  client: Client,
  view: string,
  order: string,
  { since, limit }: Span,
  equal: Record<string, string | null>,
  also = 'true',
): Promise<Row[]> {
  const asked = Object.entries(equal).filter(([, value]) => value !== null)
  const conditions = asked.map(([column], i) => `${column} = $${i + 3}`)
  const { rows } = await client.query<Row>(
    `select * from ${view}
     where ($1::timestamptz is null or time >= $1) and ${[...conditions, also].join(' and ')}
     order by time desc, ${order} desc limit $2`,
    [since, limit, ...asked.map(([, value]) => value)],
  )
  return rows.reverse()
}
