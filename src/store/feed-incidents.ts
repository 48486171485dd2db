/** One incident a feed, from its first trouble to its recovery. */
import type { FeedState } from '../engine/feed-health.ts'
import type { Client } from './database.ts'

export interface OpenIncident {
  incident_id: number
  number: number
  began_at: Date
  told_at: Date | null
  folded_into: number | null
}

export interface NewIncident {
  feed: string
  state: Exclude<FeedState, 'ok'>
  series: readonly string[]
  reason: string | null
  /** the fault is on our side */
  ours: boolean
  owner: readonly string[]
  began_at: Date
}

/**
 * Opens the incident of a feed or, while one is open, tells what it has become. Answers with the new one; null where
 * there was one already. The feed's row is locked.
 */
export async function openIncident(client: Client, incident: NewIncident): Promise<OpenIncident | null> {
  const { feed, state, series, reason, ours, owner, began_at } = incident
  // Faults of ours line up, so that of many at once the first is told; a lock of its own, for the next statement to see it.
  // It stops no insert and no update. Who only reads the views could hold an advisory lock, and all polls with it.
  if (ours) await client.query('lock table metalgap.feed_incidents in share update exclusive mode')
  const { rows } = await client.query<OpenIncident>(OPEN, [
    ...[feed, state, series, reason, ours, owner, began_at],
    ...[new Date(began_at.getTime() - FOLD_WITHIN_MS), new Date(began_at.getTime() - QUIET_MS)],
  ])
  return rows[0] ?? null
}

/** How long a feed must have been well for its next trouble to be another incident: one that flaps is told once. */
const QUIET_MS = 30 * 60_000

/** How long after a fault of ours was told of one feed the others are taken to suffer from the same. */
const FOLD_WITHIN_MS = 10 * 60_000

const OPEN = `
  with changed as (
    update metalgap.feed_incidents set state = $2, series = $3, reason = $4
    where feed = $1 and ended_at is null returning feed
  ), inserted as (
    insert into metalgap.feed_incidents (feed, number, state, series, reason, ours, owner, began_at)
    select $1, 1 + coalesce((select max(number) from metalgap.feed_incidents where feed = $1), 0), $2, $3, $4, $5, $6, $7
    where not exists (select from changed)
    returning *
  )
  select incident_id, number, began_at, told_at, coalesce(
    (select min(lead.incident_id) from metalgap.feed_incidents lead
     where $5::boolean and lead.ours and lead.told_at is not null and lead.ended_at is null and lead.began_at > $8),
    (select coalesce(last.folded_into, last.incident_id) from metalgap.feed_incidents last
     where last.feed = $1 and last.ended_by = 'recovered' and last.ended_at > $9 order by last.number desc limit 1)
  ) as folded_into
  from inserted`

/** It is told by itself (null), or another is told in its stead. */
export async function settleIncident(
  client: Client,
  { incident_id }: OpenIncident,
  told: { at: Date } | { folded_into: number },
): Promise<void> {
  await client.query(
    'update metalgap.feed_incidents set told_at = $2, folded_into = $3 where incident_id = $1',
    [incident_id, 'at' in told ? told.at : null, 'at' in told ? null : told.folded_into],
  )
}

/** Ends the open incident of a feed; null where there is none. */
export async function endIncident(
  client: Client,
  feed: string,
  now: Date,
  ended_by: 'recovered' | 'disabled',
): Promise<OpenIncident | null> {
  const { rows } = await client.query<OpenIncident>(
    `update metalgap.feed_incidents set ended_at = $2, ended_by = $3 where feed = $1 and ended_at is null
     returning incident_id, number, began_at, told_at, folded_into`,
    [feed, now, ended_by],
  )
  return rows[0] ?? null
}

/** Feeds whose incident was folded into one that has ended some time ago, while theirs has not and lasts: they have their own. */
export async function outlastingFeeds(client: Client, now: Date): Promise<string[]> {
  const { rows } = await client.query<{ feed: string }>(
    `select incident.feed from metalgap.feed_incidents incident
     join metalgap.feed_incidents lead on lead.incident_id = incident.folded_into
     where incident.ended_at is null and incident.told_at is null and lead.ended_at <= $1
       and (incident.feed <> lead.feed or incident.began_at <= $1) order by 1`,
    [new Date(now.getTime() - FOLD_WITHIN_MS)],
  )
  return rows.map(({ feed }) => feed)
}

/** The open incident of a feed that nobody was told of. The feed's row is locked. */
export async function untoldIncident(client: Client, feed: string): Promise<OpenIncident | null> {
  const { rows } = await client.query<OpenIncident>(
    `select incident_id, number, began_at, told_at, folded_into from metalgap.feed_incidents
     where feed = $1 and ended_at is null and told_at is null`,
    [feed],
  )
  return rows[0] ?? null
}
