/** Silences: what somebody wants no messages of for a while. */
import type { Client } from './database.ts'

/** Which messages: every key that is not null must match. */
export interface Matcher {
  pair: string | null
  rule: string | null
  metal: string | null
  severity: string | null
}

export interface Silence extends Matcher {
  silence_id: number
  began_at: Date
  /** 30 days after `began_at` at most */
  until: Date
  until_cleared: boolean
  who: string
  reason: string
  warned_at: Date | null
  ended_at: Date | null
  /** 'ran out', 'cleared', or who ended it */
  ended_by: string | null
}

const COLUMNS =
  'silence_id, pair, rule, metal, severity, began_at, until, until_cleared, who, reason, warned_at, ended_at, ended_by'

export type NewSilence = Omit<Silence, 'silence_id' | 'warned_at' | 'ended_at' | 'ended_by'>

export async function insertSilence(client: Client, silence: NewSilence): Promise<Silence> {
  const { pair, rule, metal, severity, began_at, until, until_cleared, who, reason } = silence
  const { rows } = await client.query<Silence>(
    `insert into metalgap.silences (pair, rule, metal, severity, began_at, until, until_cleared, who, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
    [pair, rule, metal, severity, began_at, until, until_cleared, who, reason],
  )
  return rows[0] as Silence
}

/** Those that hold at this moment, oldest first. */
export async function silencesAt(client: Client, now: Date): Promise<Silence[]> {
  const { rows } = await client.query<Silence>({ name: 'silences-at', text: AT }, [now])
  return rows
}

const AT = `select ${COLUMNS} from metalgap.silences
  where ended_at is null and began_at <= $1 and until > $1 order by silence_id`

/** Those that have not ended, locked; what another process works on is left to it. */
export async function lockSilences(client: Client): Promise<Silence[]> {
  const { rows } = await client.query<Silence>(
    `select ${COLUMNS} from metalgap.silences where ended_at is null order by silence_id for update skip locked`,
  )
  return rows
}

export async function markWarned(client: Client, silence_id: number, now: Date): Promise<void> {
  await client.query('update metalgap.silences set warned_at = $2 where silence_id = $1', [silence_id, now])
}

/** Null when there is none of this number, or it has ended. */
export async function endSilence(
  client: Client,
  silence_id: number,
  now: Date,
  ended_by: string,
): Promise<Silence | null> {
  const { rows } = await client.query<Silence>(
    `update metalgap.silences set ended_at = $2, ended_by = $3 where silence_id = $1 and ended_at is null
     returning ${COLUMNS}`,
    [silence_id, now, ended_by],
  )
  return rows[0] ?? null
}

export interface RaisedBreach {
  breach_id: string
  pair: string
  rule: string
  metal: string
  unit: string
  severity: string
  measure: string
  value: string
  raised_at: Date
}

/** Every breach that is not cleared. */
export async function raisedBreaches(client: Client): Promise<RaisedBreach[]> {
  const { rows } = await client.query<RaisedBreach>(
    `select breach_id, pair, rule, metal, unit, severity, measure, value, raised_at
     from metalgap.breaches join metalgap.pairs using (pair) where cleared_at is null order by raised_at`,
  )
  return rows
}

/** Is a breach open that the silence was about when it began, or since? By now it may have another severity. */
export async function hasOpen(client: Client, silence: Silence): Promise<boolean> {
  const { pair, rule, metal, severity, began_at } = silence
  const { rows } = await client.query<{ open: boolean }>(HAS_OPEN, [pair, rule, metal, severity, began_at])
  return rows[0]?.open ?? false
}

const HAS_OPEN = `select exists (
    select from metalgap.breaches b
    join metalgap.pairs p using (pair)
    join metalgap.transitions t using (breach_id)
    where b.cleared_at is null and b.pair = coalesce($1, b.pair) and b.rule = coalesce($2, b.rule)
      and p.metal = coalesce($3, p.metal) and t.severity = coalesce($4, t.severity)
      and not exists (select from metalgap.transitions later
        where later.breach_id = t.breach_id and later.sequence > t.sequence and later.seen_at <= $5)) as open`
