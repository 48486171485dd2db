/** What came before a step of a breach: the values of the last hours, and the one that was told last. */
import type { Transition } from '../engine/model.ts'
import type { Client } from './database.ts'

export interface Before {
  /** exact text; null: nothing was told or observed before */
  previous: { value: string; at: Date } | null
  /** one value a step, the last that was observed in it, oldest first; null: none */
  recent: { from: Date; to: Date; values: (string | null)[] }
}

export interface Asked {
  pair: string
  measure: string
  breach_id: string
  transition: Pick<Transition, 'sequence' | 'time' | 'began_at'>
  steps: number
  step_ms: number
}

/** Runs where the premiums and the earlier steps are written already. One index probe a step, however many premiums there are. */
export async function lookBack(client: Client, asked: Asked): Promise<Before> {
  const { pair, measure, breach_id, transition, steps, step_ms } = asked
  const to = new Date(transition.time)
  const { rows } = await client.query<{ values: (string | null)[]; value: string | null; at: Date }>(
    LOOK_BACK,
    [
      ...[pair, measure, to, steps, step_ms / 1000],
      ...[breach_id, transition.sequence, new Date(transition.began_at)],
    ],
  )
  const { values, value, at } = rows[0] as (typeof rows)[0]
  const from = new Date(transition.time - steps * step_ms)
  return { previous: value === null ? null : { value, at }, recent: { from, to, values } }
}

const MEASURED = `case $2::text when 'as_quoted_usd' then as_quoted_usd when 'as_quoted_pct' then as_quoted_pct
  when 'ex_tax_usd' then ex_tax_usd when 'ex_tax_pct' then ex_tax_pct
  when 'landed_usd' then landed_usd when 'landed_pct' then landed_pct end`

const OBSERVED = `from metalgap.premiums where pair = $1 and superseded_at is null and standing <> 'late'`

const LOOK_BACK = {
  name: 'look-back',
  text: `
    with told as (
      select value, time from metalgap.transitions step where breach_id = $6 and sequence < $7
        and (kind <> 'changed' or exists (
          select from metalgap.deliveries d where d.breach_id = $6 and d.sequence = step.sequence))
      order by sequence desc limit 1
    ), before as (
      select ${MEASURED} as value, time ${OBSERVED} and $7 = 1 and time < $8 order by time desc limit 1
    ), previous as (
      select * from told union all select * from before limit 1
    ), steps as (
      select number, (
        select ${MEASURED} ${OBSERVED}
          and time > $3::timestamptz - ($4 - number + 1) * $5 * interval '1 second'
          and time <= $3::timestamptz - ($4 - number) * $5 * interval '1 second'
        order by time desc limit 1) as value
      from generate_series(1, $4::integer) number
    )
    select (select array_agg(round(value, 6)::text order by number) from steps) as values,
      (select round(value, 6)::text from previous) as value, (select time from previous) as at`,
}
