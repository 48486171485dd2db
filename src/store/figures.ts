/** What /metrics shows of the database: the same from every replica. */
import type { Client } from './database.ts'

export interface FeedFigures {
  feed: string
  failures_in_row: number
  /** null before the first */
  last_success_at: Date | null
  /** ok, late, failing, ... */
  state: string
}

export interface Figures {
  feeds: FeedFigures[]
  comparable: { pair: string; comparable: boolean }[]
  /** open breaches by severity */
  breaches: { severity: string; count: number }[]
  /** steps that a corrected price led to, by kind */
  corrections: { kind: string; count: number }[]
  /** deliveries that are neither delivered nor dead */
  pending: number
  dead: number
  /** kept from being sent by a silence, a mute window or an acknowledgement */
  silenced: number
}

export async function figures(client: Client): Promise<Figures> {
  const [feeds, comparable, breaches, corrections, deliveries] = await Promise.all([
    client.query<FeedFigures>(
      `select feed, failures_in_row, time as last_success_at, state from reporting.feed_health
       where state <> 'disabled' order by feed`,
    ),
    client.query<Figures['comparable'][number]>(
      `select pair, coalesce(current.state = 'comparable', false) as comparable
       from metalgap.pairs left join metalgap.comparability current using (pair)
       where enabled and until is null order by pair`,
    ),
    client.query<Figures['breaches'][number]>(
      `select severity, count(breach_id) as count
       from unnest(array['info', 'warning', 'critical']) as severity
       left join (select severity, breach_id from metalgap.breaches where cleared_at is null) open using (severity)
       group by severity`,
    ),
    client.query<Figures['corrections'][number]>(
      `select kind, count(breach_id) as count from unnest(array['retracted', 'changed', 'cleared']) as kind
       left join (select kind, breach_id from metalgap.transitions where reason = 'correction') corrected using (kind)
       group by kind order by kind`,
    ),
    client.query<Pick<Figures, 'pending' | 'dead' | 'silenced'>>(
      `select count(*) filter (where state = 'pending') as pending, count(*) filter (where state = 'dead') as dead,
         count(*) filter (where state = 'silenced') as silenced
       from metalgap.deliveries`,
    ),
  ])
  const counts = deliveries.rows[0] ?? { pending: 0, dead: 0, silenced: 0 }
  return {
    ...{ feeds: feeds.rows, comparable: comparable.rows, breaches: breaches.rows },
    ...{ corrections: corrections.rows, ...counts },
  }
}
