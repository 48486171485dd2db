/** Premiums that a correction in a price file has outdated. */
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
