/** What silences and mute windows hold back, and what they let go: who was told that something is raised hears of its end. */
import type { Client } from './database.ts'
import type { Silence } from './silences.ts'

const CLOSING = ['breach.cleared', 'breach.retracted']

export function isClosing(type: string): boolean {
  return CLOSING.includes(type)
}

/** Has the channel been told of the breach, or will it be, or may it have been? */
export async function wasTold(client: Client, breach_id: string, channel: string): Promise<boolean> {
  const { rows } = await client.query<{ told: boolean }>(
    `select exists (
       select from metalgap.deliveries told where breach_id = $1 and channel = $2 and ${TOLD}) as told`,
    [breach_id, channel],
  )
  return rows[0]?.told ?? false
}

/** Delivered, on its way, told by a summary, or tried with an end that nobody knows. */
const TOLD = `(state in ('pending', 'delivered') or told.covered_by is not null or exists (
  select from metalgap.attempts where delivery_id = told.delivery_id
    and outcome in ('started', 'delivered', 'ambiguous', 'abandoned')))`

/**
 * Holds what waits to be sent and falls under a silence that begins now; answers how many. What a worker has, or what may
 * have arrived, goes on; so does the end of what was told.
 */
export async function holdPending(client: Client, silence: Silence, now: Date): Promise<number> {
  const { silence_id, who, reason, pair, rule, metal, severity } = silence
  const facts = [silence_id, `silence ${silence_id} of ${who}: ${reason}`, now, pair, rule, metal, severity]
  const opening = await client.query(hold(`not d.type = any($8)`), [...facts, CLOSING])
  const closing = await client.query(
    hold(`d.type = any($8) and not exists (
      select from metalgap.deliveries told where told.breach_id = d.breach_id and told.channel = d.channel
        and told.delivery_id <> d.delivery_id and ${TOLD})`),
    [...facts, CLOSING],
  )
  return opening.rowCount + closing.rowCount
}

function hold(which: string): string {
  return `
    update metalgap.deliveries d
    set state = 'silenced', silence_id = $1, silenced = $2, next_attempt_at = null
    from metalgap.breaches b join metalgap.pairs p using (pair)
    where b.breach_id = d.breach_id and d.state = 'pending' and (d.leased_until is null or d.leased_until <= $3)
      and b.pair = coalesce($4, b.pair) and b.rule = coalesce($5, b.rule) and p.metal = coalesce($6, p.metal)
      and d.severity = coalesce($7, d.severity) and ${which}
      and not exists (select from metalgap.attempts a where a.delivery_id = d.delivery_id
        and a.outcome in ('started', 'ambiguous', 'abandoned'))`
}

/** Of open breaches: what silences, or windows that are over, have kept from a channel that has heard nothing of them. */
export async function keptUntold(client: Client): Promise<{ channel: string; breach_id: string }[]> {
  const { rows } = await client.query<{ channel: string; breach_id: string }>(
    `select distinct channel, breach_id from metalgap.breaches b join metalgap.deliveries kept using (breach_id)
     where cleared_at is null and kept.state = 'silenced' and covered_by is null
       and (silence_id is not null or summed_at is not null)
       and not exists (select from metalgap.deliveries told where told.breach_id = kept.breach_id
         and told.channel = kept.channel and ${TOLD})`,
  )
  return rows
}

/** What was kept of breaches is told by their summary, one message for all of it. */
export async function coverKept(
  client: Client,
  { summary, channel, breach_ids }: { summary: string; channel: string; breach_ids: readonly string[] },
): Promise<void> {
  await client.query(
    `update metalgap.deliveries set covered_by = $1
     where subject = any($2) and channel = $3 and state = 'silenced' and covered_by is null`,
    [summary, breach_ids, channel],
  )
}

/** At the end of a mute window: what it held of ends that the channel has to hear. */
export async function releaseClosings(client: Client, now: Date): Promise<void> {
  await client.query(
    `update metalgap.deliveries d
     set state = 'pending', next_attempt_at = $1, silenced = null, silenced_until = null
     where d.state = 'silenced' and summed_at is null and silenced_until <= $1 and type = any($2)
       and exists (select from metalgap.deliveries told where told.breach_id = d.breach_id
         and told.channel = d.channel and told.delivery_id <> d.delivery_id and ${TOLD})`,
    [now, CLOSING],
  )
}
