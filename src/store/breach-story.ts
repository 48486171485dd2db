/** A breach from its first observation to the last attempt to tell of it. */
import type { Client } from './database.ts'
import type { ConfigurationBody } from './evidence.ts'

export interface BreachStory {
  breach_id: string
  pair: string
  rule: string
  state: string
  severity: string
  measure: string
  direction: 'above' | 'below'
  /** as the operator wrote them */
  raise: string
  clear: string
  value: string
  peak: string
  began_at: Date
  raised_at: Date
  cleared_at: Date | null
  unobserved_since: Date | null
  configuration_hash: string
  configuration: ConfigurationBody
}

/** By the id of the breach or of a delivery about it (the webhook-id); null when it is neither. */
export async function breachStory(client: Client, id: string): Promise<BreachStory | null> {
  const { rows } = await client.query<BreachStory>(
    `select b.*, c.hash as configuration_hash, c.body as configuration
     from metalgap.breaches b join metalgap.configurations c using (configuration_id)
     where breach_id = $1 or breach_id = (select breach_id from metalgap.deliveries where delivery_id = $1)`,
    [id],
  )
  return rows[0] ?? null
}

export interface StoryTransition {
  sequence: number
  kind: string
  time: Date
  seen_at: Date
  severity: string
  value: string
  reason: string
  /** null where no price led to it */
  premium_id: number | null
  east_usd: string | null
  west_usd: string | null
}

export async function transitionsOfBreach(client: Client, breach_id: string): Promise<StoryTransition[]> {
  const { rows } = await client.query<StoryTransition>(
    `select sequence, kind, t.time, t.seen_at, severity, value, reason, premium_id, east_usd, west_usd
     from metalgap.transitions t left join metalgap.premiums using (premium_id)
     where breach_id = $1 order by sequence`,
    [breach_id],
  )
  return rows
}

export interface StoryDelivery {
  delivery_id: string
  sequence: number
  channel: string
  type: string
  state: string
  /** what it said that the premium costs; empty where nothing was declared */
  exposures: { name: string; cost_usd: string; per: string }[]
  attempts: {
    number: number
    started_at: Date
    finished_at: Date | null
    outcome: string
    status: number | null
    error: string | null
  }[]
}

export async function deliveriesOfBreach(client: Client, breach_id: string): Promise<StoryDelivery[]> {
  const [deliveries, attempts] = await Promise.all([
    client.query<Omit<StoryDelivery, 'attempts'>>(
      `select delivery_id, sequence, channel, type, state, coalesce(message -> 'data' -> 'exposures', '[]') as exposures
       from metalgap.deliveries where breach_id = $1 order by sequence, channel`,
      [breach_id],
    ),
    client.query<StoryDelivery['attempts'][number] & { delivery_id: string }>(
      `select a.delivery_id, number, started_at, a.finished_at, outcome, status, error
       from metalgap.attempts a join metalgap.deliveries using (delivery_id) where breach_id = $1 order by number`,
      [breach_id],
    ),
  ])
  const byDelivery = Map.groupBy(attempts.rows, ({ delivery_id }) => delivery_id)
  return deliveries.rows.map((delivery) => ({
    ...delivery,
    attempts: (byDelivery.get(delivery.delivery_id) ?? []).map(
      ({ delivery_id: _same, ...attempt }) => attempt,
    ),
  }))
}

/** The premium that raised it. */
export async function raisedBy(client: Client, breach_id: string): Promise<number | null> {
  const { rows } = await client.query<{ premium_id: number | null }>(
    'select premium_id from metalgap.transitions where breach_id = $1 and sequence = 1',
    [breach_id],
  )
  return rows[0]?.premium_id ?? null
}

export interface HoldObservation {
  premium_id: number
  time: Date
  value: string
}

const MEASURES = ['as_quoted_usd', 'as_quoted_pct', 'ex_tax_usd', 'ex_tax_pct', 'landed_usd', 'landed_pct']

/** What was observed from the first breaching price to the one that met the hold. */
export async function observationsOfHold(client: Client, breach: BreachStory): Promise<HoldObservation[]> {
  const { breach_id, pair, measure, direction, raise, began_at, raised_at } = breach
  if (!MEASURES.includes(measure)) return []
  const { rows } = await client.query<HoldObservation>(
    `select premium_id, time, ${measure} as value from metalgap.premiums
     where pair = $1 and time between $2 and $3 and standing = 'observation'
       and ${measure} ${direction === 'above' ? '>=' : '<='} $5::numeric
       and premium_id <= (select premium_id from metalgap.transitions where breach_id = $4 and sequence = 1)
     order by time, premium_id`,
    [pair, began_at, raised_at, breach_id, raise],
  )
  return rows
}
