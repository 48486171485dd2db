/** Steps and breaches as text, so that what was stored and what a replay tells can be compared and shown. */
import type { Transition } from '../engine/model.ts'
import { text6 } from '../engine/round.ts'
import { nameOf } from '../engine/rules.ts'
import type { PairSpec } from '../engine/spec.ts'
import type { PairState } from '../engine/state.ts'
import type { BreachRecord, StoredTransition } from '../store/checkpoints.ts'

export function storedText(stored: StoredTransition): string {
  const { rule, sequence, kind, time, severity, value, reason } = stored
  const ticks = [stored.east_tick_id, stored.west_tick_id, stored.fx_tick_id]
  return `${textOf([rule, sequence, kind, time.toISOString(), severity, value, reason], ticks)}${storedRecord(stored)}`
}

/** `against` is what was stored in its place. */
export function toldText(told: Transition, against: StoredTransition | undefined): string {
  const { rule, sequence, kind, time, severity, value, reason, premium } = told
  const ticks = [premium?.east.tick_id, premium?.west.tick_id, premium?.fx?.tick_id]
  const at = new Date(time).toISOString()
  return `${textOf([rule, sequence, kind, at, severity, text6(value), reason], ticks)}${toldRecord(told, against?.raised_at === null)}`
}

function textOf(words: readonly unknown[], ticks: readonly unknown[]): string {
  return `${words.join(' ')} on ${ticks.map((tick) => tick ?? 'none').join(', ')}`
}

/** The record of a breach keeps when it was raised and, once it is over, how it ended. */
function storedRecord(stored: StoredTransition): string {
  const { kind, record_state, record_severity, record_value, peak, raised_at, cleared_at } = stored
  if (kind === 'raised') return sinceText(raised_at)
  return isEnd(kind)
    ? `; in its record ${record_state} ${record_severity} ${record_value}, peak ${peak}, at ${cleared_at?.toISOString()}`
    : ''
}

function toldRecord({ kind, severity, value, peak, time, raised_at }: Transition, isMoved: boolean): string {
  const at = new Date(time).toISOString()
  if (kind === 'raised') return sinceText(isMoved ? null : new Date(raised_at))
  return isEnd(kind)
    ? `; in its record ${kind} ${severity} ${text6(value)}, peak ${text6(peak)}, at ${at}`
    : ''
}

function sinceText(raised_at: Date | null): string {
  return raised_at === null ? '' : `; in its record since ${raised_at.toISOString()}`
}

function isEnd(kind: string): boolean {
  return kind === 'cleared' || kind === 'retracted'
}

/** Records of open breaches against what the pair's state says; a rule that was edited since has no state yet. */
export function openDifferences(
  spec: PairSpec,
  { rules }: PairState,
  records: readonly BreachRecord[],
): string[] {
  return spec.rules.flatMap(({ rule, levels }) => {
    const state = rules[rule]
    if (state == null) return []
    const record = records.find((one) => one.rule === rule)
    const stored = record === undefined ? 'none' : `${record.state} ${record.severity}, peak ${record.peak}`
    const { breach } = state
    const is = nameOf(state) === 'clearing' ? 'clearing' : 'raised'
    const told =
      breach === null ? 'none' : `${is} ${levels[breach.level]?.severity}, peak ${text6(breach.peak)}`
    return stored === told ? [] : [`open breach of ${rule}: stored ${stored}, replayed ${told}`]
  })
}
