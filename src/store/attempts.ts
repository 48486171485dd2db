/** How an attempt went: recorded, and what follows from it. */
import type { Claimed } from './claims.ts'
import type { Client } from './database.ts'
import type { Due } from './deliveries.ts'
import { inTurn } from './in-turn.ts'

/** How an attempt went, and what follows from it. */
export interface Finish {
  outcome: 'delivered' | 'retry' | 'dead' | 'disabled' | 'ambiguous' | 'unsent'
  state: 'pending' | 'delivered' | 'dead'
  status: number | null
  error: string | null
  /** null when it is finished */
  next_attempt_at: Date | null
  /** it may have arrived, nobody knows */
  ambiguous: boolean
  /** nothing more to this channel before then */
  pause_until: Date | null
  /** nothing more to this channel until it is enabled */
  disable_reason: string | null
  /** replaces the body: plain text in place of a payload that was refused */
  body: string | null
  /** what the destination answered, for channels that need it again */
  receipt: string | null
  /** the delivery whose message told this one as well */
  covered_by: string | null
  /** it is not to be folded with others again */
  alone: boolean
}

export interface Finished {
  /** this attempt disabled the channel, no other did before it */
  disabled_now: boolean
  /** the next of this channel that may go out, and when */
  next: Due | null
}

/** Records an attempt and ends its lease. Null when the lease was lost: another worker has taken over. */
export async function finish(
  client: Client,
  claimed: Claimed,
  now: Date,
  how: Finish,
): Promise<Finished | null> {
  const { rows } = await client.query<{
    disabled_now: boolean
    next_id: string | null
    next_at: Date
    urgent: boolean
  }>(FINISH, [
    ...[claimed.delivery_id, claimed.attempts, now, claimed.channel],
    ...[how.outcome, how.state, how.status, how.error, how.next_attempt_at],
    ...[how.ambiguous, how.pause_until, how.disable_reason, how.body, how.receipt],
    ...[how.covered_by, how.alone],
  ])
  const row = rows[0]
  if (!row) return null
  const { next_id, next_at: at, urgent } = row
  const next = next_id && { delivery_id: next_id, channel: claimed.channel, at, ...(urgent && { urgent }) }
  return { disabled_now: row.disabled_now, next: next || null }
}

const FINISH = {
  name: 'finish-delivery',
  text: `
    with attempt as (
      update metalgap.attempts set finished_at = $3, outcome = $5, status = $7, error = $8
      where delivery_id = $1 and number = $2 and outcome = 'started'
    ), finished as (
      update metalgap.deliveries
      set state = $6, last_status = $7, last_error = $8, next_attempt_at = $9, leased_until = null,
        maybe_repeated = maybe_repeated or $10, body = coalesce($13, body), receipt = $14,
        covered_by = $15, alone = alone or $16,
        finished_at = case when $6 = 'pending' then null else $3::timestamptz end
      where delivery_id = $1 and attempts = $2 and state = 'pending'
      returning delivery_id
    ), channel as (
      update metalgap.channels
      set paused_until = greatest(paused_until, $11),
        disabled_at = case when $12::text is null then disabled_at else $3::timestamptz end,
        disabled_reason = coalesce($12, disabled_reason)
      where channel = $4 and ($11::timestamptz is not null or ($12::text is not null and disabled_at is null))
        and exists (select from finished)
      returning channel
    ), next as (
      select d.delivery_id, greatest(c.paused_until, $3) as at, d.severity = 'critical' as urgent
      from metalgap.deliveries d join metalgap.channels c using (channel)
      where d.channel = $4 and d.state = 'pending' and d.delivery_id <> $1 and d.next_attempt_at <= $3
        and (d.leased_until is null or d.leased_until <= $3)
        and c.disabled_at is null and $11::timestamptz is null and $12::text is null
        and ${inTurn('d', "(earlier.delivery_id <> $1 or $6 = 'pending')")}
      order by d.severity = 'critical' desc, d.next_attempt_at
      limit 1
    )
    select next.delivery_id as next_id, next.at as next_at, next.urgent,
      $12::text is not null and exists (select from channel) as disabled_now
    from finished left join next on true`,
}
