/** An attempt begins: recorded and leased before it is made. */
import type { Message } from '../channels/channel.ts'
import type { Client } from './database.ts'
import { inTurn } from './in-turn.ts'

const LEASE_MS = 60_000

/** A delivery that is ours until the lease ends. */
export interface Claimed {
  delivery_id: string
  channel: string
  subject: string
  sequence: number
  breach_id: string | null
  type: string
  message: Message
  body: string | null
  leased_until: Date
  /** number of this attempt, from 1 */
  attempts: number
  /** attempts that count against the schedule, this one included: those that failed by a fault of ours do not */
  counted: number
  /** an earlier attempt may have arrived */
  maybe_repeated: boolean
  /** of the first delivery of this subject to this channel that has one */
  receipt: string | null
}

/**
 * Claims a delivery if it may be attempted now: pending, due, not leased, nothing earlier of its subject pending, its
 * channel neither disabled nor paused. An attempt whose worker died is `abandoned`. `min_gap_ms` over 0 keeps the
 * channel to one message in that time, over all replicas. Null when somebody else has it, or it must wait.
 */
export async function claim(
  client: Client,
  { delivery_id, ...when }: { delivery_id: string; now: Date; min_gap_ms: number },
): Promise<Claimed | null> {
  const { rows } = await client.query<Claimed>(CLAIM, [delivery_id, ...limits(when)])
  return rows[0] ?? null
}

/**
 * Claims what waits for a channel and may be told now, `most` of it, as one message: critical subjects first, then the
 * oldest, each in the order of its steps; with `only_urgent` nothing but critical subjects. Empty when nothing may be
 * sent.
 */
export async function claimWaiting(
  client: Client,
  {
    channel,
    most,
    only_urgent,
    ...when
  }: { channel: string; most: number; only_urgent: boolean; now: Date; min_gap_ms: number },
): Promise<Claimed[]> {
  const { rows } = await client.query<Claimed>(CLAIM_WAITING, [channel, ...limits(when), most, only_urgent])
  return rows
}

function limits({ now, min_gap_ms }: { now: Date; min_gap_ms: number }): (Date | null)[] {
  const after = (ms: number) => new Date(now.getTime() + ms)
  return [now, after(LEASE_MS), min_gap_ms > 0 ? after(min_gap_ms) : null]
}

const MAY_BE_ATTEMPTED = `d.state = 'pending' and d.next_attempt_at <= $2
        and (d.leased_until is null or d.leased_until <= $2)
        and c.disabled_at is null and (c.paused_until is null or c.paused_until <= $2)`

/** From `candidate (delivery_id, channel, rank)` on; $2 now, $3 end of the lease, $4 end of the channel's gap. */
const LEASED = `
    paced as (
      update metalgap.channels c set paused_until = $4
      from candidate
      where c.channel = candidate.channel and $4::timestamptz is not null
        and (c.paused_until is null or c.paused_until <= $2)
      returning c.channel
    ), ours as (
      select delivery_id from candidate where $4::timestamptz is null or channel in (select channel from paced)
    ), abandoned as (
      update metalgap.attempts a set outcome = 'abandoned', finished_at = $2
      from ours where a.delivery_id = ours.delivery_id and a.outcome = 'started'
      returning a.delivery_id
    ), leased as (
      update metalgap.deliveries d
      set attempts = attempts + 1, leased_until = $3,
        maybe_repeated = maybe_repeated or d.delivery_id in (select delivery_id from abandoned)
      from ours where d.delivery_id = ours.delivery_id
      returning d.*
    ), started as (
      insert into metalgap.attempts (delivery_id, number, started_at)
      select delivery_id, attempts, $2 from leased
    )
    select delivery_id, channel, subject, sequence, breach_id, type, message, body, attempts, leased_until,
      maybe_repeated,
      1 + (select count(*) from metalgap.attempts a
           where a.delivery_id = leased.delivery_id and a.number > leased.schedule_from
             and a.outcome not in ('unsent', 'abandoned', 'started')) as counted,
      (select first.receipt from metalgap.deliveries first
       where first.channel = leased.channel and first.subject = leased.subject and first.receipt is not null
       order by first.sequence limit 1) as receipt
    from leased join candidate using (delivery_id, channel) order by rank`

const CLAIM = {
  name: 'claim-delivery',
  text: `
    with candidate as (
      select d.delivery_id, d.channel, 1 as rank
      from (select * from metalgap.deliveries where delivery_id = $1 offset 0 for update skip locked) d
      join metalgap.channels c using (channel)
      where ${MAY_BE_ATTEMPTED} and ${inTurn('d')}
    ), ${LEASED}`,
}

const CLAIM_WAITING = {
  name: 'claim-waiting',
  text: `
    with free as (
      select d.delivery_id, d.channel, d.subject, d.sequence, d.severity, d.created_at, d.alone
      from metalgap.deliveries d join metalgap.channels c using (channel)
      where d.channel = $1 and ${MAY_BE_ATTEMPTED}
      order by d.severity = 'critical' desc, d.created_at, d.subject, d.sequence
      limit 100
      for update of d skip locked
    ), ready as (
      select free.*, bool_or(severity = 'critical') over about as urgent, min(created_at) over about as since
      from free
      where ${inTurn('free', 'earlier.delivery_id not in (select delivery_id from free)')}
      window about as (partition by subject)
    ), ranked as (
      select ready.*, row_number() over (order by urgent desc, since, subject, sequence) as rank,
        bool_or(alone) over (partition by subject order by sequence) as held_up
      from ready
    ), candidate as (
      select delivery_id, channel, rank from ranked
      where (urgent or not $6) and (rank = 1 or (not held_up and not (select alone from ranked where rank = 1)))
      order by rank limit $5
    ), ${LEASED}`,
}
