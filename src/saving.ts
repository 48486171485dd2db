/** Writes what an evaluation brought: state, premiums, comparability, breaches, transitions and deliveries, together. */
import { randomUUID } from 'node:crypto'
import type { Rule } from './config.ts'
import type { Context } from './context.ts'
import { addressed } from './delivery/addressed.ts'
import { canEdit } from './delivery/route.ts'
import { measured } from './engine/measured.ts'
import type { Premium, Transition } from './engine/model.ts'
import { nameOf } from './engine/rules.ts'
import { dumpState } from './engine/state.ts'
import { clockOf, type OpenPair } from './evaluation.ts'
import { type BreachFacts, breachMessage, type Evidence, learntAt, type TickText } from './message.ts'
import { quieted } from './quiet.ts'
import { recipients } from './routing.ts'
import { endAcknowledgement } from './store/acknowledgements.ts'
import { insertBreach, insertTransition, openBreaches, updateBreach } from './store/breaches.ts'
import { insertComparability } from './store/comparability.ts'
import type { Client } from './store/database.ts'
import { type Due, insertDeliveries, type NewDelivery } from './store/deliveries.ts'
import { savePair, savePairError } from './store/pairs.ts'
import { insertPremiums } from './store/premiums.ts'
import { silencesAt } from './store/silences.ts'
import { type Asked, lookBack } from './store/sparkline.ts'
import { tickTexts } from './store/ticks.ts'

/** Saves one pair inside the transaction that locked it; answers with what is now to be delivered. */
export async function savePairOutcome(context: Context, client: Client, pair: OpenPair): Promise<Due[]> {
  const name = pair.spec.pair
  if (pair.error !== null) {
    context.log.error({ pair: name }, pair.error)
    await savePairError(client, name, pair.error)
    return []
  }
  if (!pair.touched) return []
  const [premium_ids] = await Promise.all([
    pair.premiums.length === 0 ? [] : insertPremiums(client, name, context.configuration_id, pair.premiums),
    pair.changes.length === 0 ? null : insertComparability(client, name, pair.changes),
    savePair(client, {
      pair: name,
      state: dumpState(pair.spec, pair.state),
      folded: pair.folded,
      next_clock_at: clockOf(pair),
      evaluated_at: context.now(),
    }),
  ])
  const due = pair.transitions.length === 0 ? [] : await saveTransitions(context, client, pair, premium_ids)
  await updateOpenBreaches(client, pair)
  return due
}

async function saveTransitions(
  context: Context,
  client: Client,
  pair: OpenPair,
  premium_ids: readonly number[],
): Promise<Due[]> {
  const [open, silences, texts] = await Promise.all([
    openBreaches(client, pair.spec.pair),
    silencesAt(client, context.now()),
    tickTexts(
      client,
      pair.transitions.flatMap(({ premium }) => (premium === null ? [] : tickIdsOf(premium))),
    ),
  ])
  const deliveries: Promise<NewDelivery[]>[] = []
  const writes: Promise<void>[] = []
  for (const transition of pair.transitions) {
    const rule = ruleOf(context, transition.rule)
    if (transition.kind === 'raised') {
      open.set(rule.rule, randomUUID())
      writes.push(
        insertBreach(client, open.get(rule.rule) as string, breachFacts(context, pair, rule), transition),
      )
    }
    const breach_id = open.get(rule.rule)
    if (breach_id === undefined)
      throw new Error(`rule ${rule.rule}: ${transition.kind} without an open breach`)
    writes.push(
      insertTransition(client, {
        breach_id,
        transition,
        premium_id: premium_ids[pair.premiums.indexOf(transition.premium as Premium)] ?? null,
        seen_at: new Date(learntAt(transition)),
      }),
    )
    if (transition.kind === 'escalated') writes.push(endAcknowledgement(client, breach_id))
    if (transition.kind === 'cleared')
      writes.push(updateBreach(client, pair.spec.pair, clearedBreach(transition)))
    const step = { breach_id, transition, evidence: evidenceOf(transition, texts) }
    const before = lookBack(client, { ...step, ...spanOf(context, rule) })
    deliveries.push(before.then((found) => deliveriesOf(context, rule, { ...step, before: found })))
  }
  const [told] = await Promise.all([Promise.all(deliveries), Promise.all(writes)])
  return insertDeliveries(client, await quieted(context, client, told.flat(), silences))
}

/** A pair that is compared by date is looked at by the day. */
function spanOf(
  { config }: Context,
  { pair, measure }: Rule,
): Pick<Asked, 'pair' | 'measure' | 'steps' | 'step_ms'> {
  const byDate = config.pairs[pair]?.align === 'date'
  return { pair, measure, ...(byDate ? { steps: 30, step_ms: 86_400_000 } : { steps: 24, step_ms: 900_000 }) }
}

function deliveriesOf(
  context: Context,
  rule: Rule,
  step: Pick<BreachFacts, 'breach_id' | 'transition' | 'evidence' | 'before'>,
): NewDelivery[] {
  const { breach_id, transition } = step
  const pair = context.config.pairs[rule.pair]
  if (pair === undefined) throw new Error(`rule ${rule.rule}: no pair ${rule.pair}`)
  const exposures = Object.values(context.config.exposures)
  const message = breachMessage({
    ...step,
    rule,
    pair,
    exposures,
    simulated: context.simulated,
  })
  const { sequence, severity } = transition
  const told = recipients(context.config, rule, severity).map(({ channel }) => channel)
  // what has eased is only shown where a message can be changed, unless the rule wants it announced
  const shown = transition.kind === 'eased' && !rule.announce_eased
  const to = shown ? told.filter((channel) => canEdit(context.config, channel)) : told
  return addressed(
    context.config,
    message,
    { to, subject: breach_id, sequence, breach_id, severity, shadow: rule.shadow },
    context.now(),
  )
}

function breachFacts(context: Context, pair: OpenPair, rule: Rule) {
  const { measure, direction, raise, clear } = rule
  return {
    pair: pair.spec.pair,
    measure,
    direction,
    raise,
    clear,
    configuration_id: context.configuration_id,
  }
}

function clearedBreach({ rule, severity, value, peak, time }: Transition) {
  return {
    rule,
    state: 'cleared',
    severity,
    value,
    peak,
    cleared_at: new Date(time),
    unobserved_since: null,
  } as const
}

/** An open breach shows the last value, its peak, whether it is clearing and whether anybody still looks. */
async function updateOpenBreaches(client: Client, pair: OpenPair): Promise<void> {
  const last = pair.premiums.findLast((premium) => premium.standing === 'observation')
  for (const rule of pair.spec.rules) {
    const state = pair.state.rules[rule.rule]
    if (state?.breach == null) continue
    const { level, peak, unobserved_since } = state.breach
    await updateBreach(client, pair.spec.pair, {
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

function ruleOf(context: Context, name: string): Rule {
  const rule = context.config.rules[name]
  if (rule === undefined) throw new Error(`no rule ${name}`)
  return rule
}

function tickIdsOf({ east, west, fx }: Premium): number[] {
  return [east.tick_id, west.tick_id, ...(fx === null ? [] : [fx.tick_id])]
}

function evidenceOf({ premium }: Transition, texts: Map<number, TickText>): Evidence | null {
  if (premium === null) return null
  const text = (tick_id: number) => texts.get(tick_id) as TickText
  return {
    premium,
    east: text(premium.east.tick_id),
    west: text(premium.west.tick_id),
    fx: premium.fx === null ? null : text(premium.fx.tick_id),
  }
}
