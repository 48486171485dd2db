/** What a pair's rules have seen, kept in memory while history is replayed: a revision may fold them again. */

import type { Premium, Tick } from '../engine/model.ts'
import { corrected, type Past, type Touched } from '../engine/refold.ts'
import type { PairSpec, WindowSpec } from '../engine/spec.ts'
import type { PairState } from '../engine/state.ts'
import { SLOTS, slotOf } from '../engine/window.ts'

export interface Ledger {
  /** observations since the oldest hold that runs or breach that is open */
  since: Premium[]
  /** by rule with a measure over history: the last observation of each slot */
  slots: Map<string, Premium[]>
}

export function newLedger(): Ledger {
  return { since: [], slots: new Map() }
}

/** Writes down what was observed in one step, of which `state` is the end. */
export function record(spec: PairSpec, state: PairState, ledger: Ledger, premiums: readonly Premium[]): void {
  let isIdle = true
  for (const { rule, window } of spec.rules) {
    const known = state.rules[rule]
    const since = known?.breach?.began_at ?? known?.up[0]?.since ?? null
    if (since !== null) isIdle = false
    if (window === null) continue
    let slots = ledger.slots.get(rule)
    if (slots === undefined) {
      slots = []
      ledger.slots.set(rule, slots)
    }
    for (const premium of premiums) if (premium.elapsed_ms !== null) keep(window, slots, premium, since)
  }
  if (isIdle) ledger.since = []
  else for (const premium of premiums) if (premium.elapsed_ms !== null) ledger.since.push(premium)
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
