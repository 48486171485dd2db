/** Writes what an evaluation brought: state, premiums, comparability, breaches, transitions and deliveries, together. */
import type { Context } from '../context.ts'
import { measured } from '../engine/measured.ts'
import { nameOf } from '../engine/rules.ts'
import { dumpState } from '../engine/state.ts'
import { clockOf, type OpenPair } from '../evaluation.ts'
import { updateBreach } from '../store/breaches.ts'
import { insertComparability } from '../store/comparability.ts'
import type { Transaction } from '../store/database.ts'
import type { Due } from '../store/deliveries.ts'
import { savePair, savePairError } from '../store/pairs.ts'
import { insertPremiums, sendPremiums } from '../store/premiums.ts'
import { tell, writeTold } from '../telling.ts'

/** Saves one pair inside the transaction that locked it; answers with what is now to be delivered. */
export async function savePairOutcome(context: Context, client: Transaction, pair: OpenPair): Promise<Due[]> {
  const name = pair.spec.pair
  if (pair.error !== null) {
    context.log.error({ pair: name }, pair.error)
    await savePairError(client, name, pair.error)
    return []
  }
  if (!pair.touched) return []
  if (pair.changes.length > 0) insertComparability(client, name, pair.changes)
  savePair(client, {
    pair: name,
    state: dumpState(pair.spec, pair.state),
    folded: pair.folded,
    next_clock_at: clockOf(pair),
    evaluated_at: context.now(),
  })
  const { spec, premiums } = pair
  if (pair.transitions.length === 0) {
    if (premiums.length > 0) sendPremiums(client, spec, context.configuration_id, premiums)
    updateOpenBreaches(client, pair)
    return []
  }
  const [premium_ids, told] = await Promise.all([
    premiums.length === 0 ? [] : insertPremiums(client, spec, context.configuration_id, premiums),
    tell(context, client, pair),
  ])
  const due = writeTold(context, client, pair, told, premium_ids)
  // behind the row of one that is raised just now
  updateOpenBreaches(client, pair)
  return due
}

/** An open breach shows the last value, its peak, whether it is clearing and whether anybody still looks. */
function updateOpenBreaches(client: Transaction, pair: OpenPair): void {
  const observed = pair.state.observed?.time
  const last = pair.premiums.findLast(({ standing, time }) => standing !== 'late' && time === observed)
  for (const rule of pair.spec.rules) {
    const state = pair.state.rules[rule.rule]
    if (state?.breach == null) continue
    const { level, peak, unobserved_since } = state.breach
    updateBreach(client, pair.spec.pair, {
      rule: rule.rule,
      state: nameOf(state) === 'clearing' ? 'clearing' : 'raised',
      severity: rule.levels[level]?.severity ?? 'warning',
      value: last === undefined ? null : measured(rule, state, last),
      peak,
      cleared_at: null,
      unobserved_since: unobserved_since === null ? null : new Date(unobserved_since),
    })
  }
}
