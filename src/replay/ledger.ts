/** What a pair's rules have seen, kept in memory while history is replayed: a revision may fold them again. */
import { legsText } from '../engine/correction.ts'
import type { Premium, Tick } from '../engine/model.ts'
import { corrected, holdStart, type Past, type Touched } from '../engine/refold.ts'
import type { PairSpec, WindowSpec } from '../engine/spec.ts'
import type { PairState } from '../engine/state.ts'
import { SLOTS, slotOf } from '../engine/window.ts'

export interface Ledger {
  /** observations since the oldest hold that runs or breach that is open, or else of the last time */
  since: Premium[]
  /** by rule with a measure over history: the last observation of each slot */
  slots: Map<string, Premium[]>
}

export function newLedger(): Ledger {
  return { since: [], slots: new Map() }
}

/** Writes down what was told in one step, of which `state` is the end. */
export function record(spec: PairSpec, state: PairState, ledger: Ledger, premiums: readonly Premium[]): void {
  const observed = premiums.filter(({ elapsed_ms }) => elapsed_ms !== null)
  let isIdle = true
  for (const { rule, window } of spec.rules) {
    const since = holdStart(state.rules[rule])
    if (since !== null) isIdle = false
    if (window === null) continue
    const slots = ledger.slots.get(rule) ?? []
    ledger.slots.set(rule, slots)
    for (const premium of observed) keep(window, slots, premium, since)
  }
  ledger.since.push(...observed)
  if (isIdle) {
    // A hold is known by the time at which it begins, and two sources may be observed at it.
    const last = ledger.since.at(-1)?.time
    ledger.since = ledger.since.filter(({ time }) => time === last)
  }
  for (const premium of premiums) if (premium.standing === 'correction') replace(spec, ledger, premium)
}

/** A rate that came after the prices of its date: nothing is folded again, but the number is another one from now on. */
function replace(spec: PairSpec, ledger: Ledger, correction: Premium): void {
  const legs = legsText(spec, correction)
  for (const list of [ledger.since, ...ledger.slots.values()]) {
    const i = list.findIndex((premium) => legsText(spec, premium) === legs)
    if (i < 0) continue
    const { elapsed_ms, spell_ms } = list[i] as Premium
    list[i] = { ...correction, elapsed_ms, spell_ms }
  }
}

/** As many as a window needs that ends where the hold began, or now. */
function keep(window: WindowSpec, slots: Premium[], premium: Premium, since: number | null): void {
  const last = slots.at(-1)
  if (last !== undefined && slotOf(window, last.time) === slotOf(window, premium.time)) slots.pop()
  slots.push(premium)
  const begin = (since ?? premium.time) - window.over_ms * (1 + 1 / SLOTS)
  while (slots.length > 1 && (slots[1] as Premium).time <= begin) slots.shift()
}

/** Puts corrections in the place of what used the ticks; answers with them. */
export function correctLedger(spec: PairSpec, ledger: Ledger, revised: readonly Tick[]): Premium[] {
  const corrections = new Map<Premium, Premium>()
  for (const list of [ledger.since, ...ledger.slots.values()]) {
    for (let i = 0; i < list.length; i++) {
      const premium = list[i] as Premium
      const anew = corrections.get(premium) ?? corrected(spec, premium, revised)
      if (anew === null) continue
      corrections.set(premium, anew)
      list[i] = anew
    }
  }
  return [...corrections.values()]
}

export function pastOf(ledger: Ledger, { rule, since }: Touched): Past {
  const slots = ledger.slots.get(rule.rule) ?? []
  if (since === null) return { before: slots, since: [] }
  return {
    before: slots.filter(({ time }) => time < since),
    since: ledger.since.filter(({ time }) => time >= since),
  }
}
