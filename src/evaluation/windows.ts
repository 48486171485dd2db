/** A rule over history that is new or edited begins with the premiums that are stored, not with an empty window. */
import { remember } from '../engine/measured.ts'
import { newRuleState } from '../engine/rules.ts'
import { setRule } from '../engine/state.ts'
import { SLOTS } from '../engine/window.ts'
import type { OpenPair } from '../evaluation.ts'
import type { Client } from '../store/database.ts'
import { slotsBetween } from '../store/observations.ts'

/** Looks until something is stored: a rule that has seen nothing has no state, here as in a replay. */
export async function fillWindows(client: Client, pair: OpenPair, now: Date): Promise<void> {
  const { spec, state } = pair
  for (const rule of spec.rules) {
    const { window } = rule
    if (window === null || state.rules[rule.rule] !== undefined) continue
    const from = now.getTime() - window.over_ms * (1 + 1 / SLOTS)
    const asked = {
      ...{ pair: spec.pair, is_dated: spec.align === 'date' },
      ...{ span_ms: 0, until: Number.MAX_SAFE_INTEGER },
    }
    const stored = await slotsBetween(client, asked, window, { from, to: null })
    if (stored.length === 0) continue
    const known = newRuleState(rule, state.observed !== null)
    for (const premium of stored) remember(rule.measure, window, known, premium)
    setRule(state, rule.rule, known)
    pair.filled = true
  }
}
