import type { Transition } from '../engine/model.ts'
import { text6 } from '../engine/round.ts'
import type { Client, Transaction } from './database.ts'

export interface NewTransition {
  breach_id: string
  transition: Transition
  premium_id: number | null
  seen_at: Date
}

export interface NewBreach {
  pair: string
  measure: string
  direction: 'above' | 'below'
  /** as the operator wrote them */
  raise: string
  clear: string
  configuration_id: number
}

export interface OpenBreach {
  pair: string
  rule: string
  breach_id: string
}

export async function openBreaches(client: Client, pairs: readonly string[]): Promise<OpenBreach[]> {
  const { rows } = await client.query<OpenBreach>(OPEN, [pairs])
  return rows
}

const OPEN = {
  name: 'open-breaches',
  text: 'select pair, rule, breach_id from metalgap.breaches where pair = any($1) and cleared_at is null',
}

export function insertBreach(
  client: Transaction,
  breach_id: string,
  facts: NewBreach,
  { rule, severity, value, peak, began_at, raised_at }: Transition,
): void {
  client.send(INSERT_BREACH, [
    ...[breach_id, facts.pair, rule, severity, facts.measure, facts.direction, facts.raise, facts.clear],
    ...[text6(value), text6(peak), new Date(began_at), new Date(raised_at), facts.configuration_id],
  ])
}

const INSERT_BREACH = {
  name: 'insert-breach',
  text: `insert into metalgap.breaches (breach_id, pair, rule, state, severity, measure, direction, raise, clear, value,
      peak, began_at, raised_at, configuration_id)
    values ($1, $2, $3, 'raised', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
}

/** Writes a step once and for ever: a second writer of the same (breach, sequence) fails, and with it its transaction. */
export function insertTransition(client: Transaction, row: NewTransition): void {
  const { breach_id, transition, premium_id, seen_at } = row
  const { sequence, kind, time, severity, value, reason } = transition
  client.send(INSERT_TRANSITION, [
    ...[breach_id, sequence, kind, new Date(time), seen_at, severity, text6(value), reason, premium_id],
  ])
}

const INSERT_TRANSITION = {
  name: 'insert-transition',
  text: `insert into metalgap.transitions (breach_id, sequence, kind, time, seen_at, severity, value, reason, premium_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
}

export interface BreachNow {
  rule: string
  state: 'raised' | 'clearing' | 'cleared' | 'retracted'
  severity: string
  /** null: nothing new was observed */
  value: number | null
  peak: number
  cleared_at: Date | null
  unobserved_since: Date | null
}

/** What an open breach looks like after an evaluation. */
export function updateBreach(client: Transaction, pair: string, now: BreachNow): void {
  client.send(UPDATE, [
    pair,
    now.rule,
    now.state,
    now.severity,
    now.value === null ? null : text6(now.value),
    text6(now.peak),
    now.cleared_at,
    now.unobserved_since,
  ])
}

const UPDATE = {
  name: 'update-breach',
  text: `update metalgap.breaches set state = $3, severity = $4, value = coalesce($5, value), peak = $6,
      cleared_at = $7, unobserved_since = $8
    where pair = $1 and rule = $2 and cleared_at is null`,
}
