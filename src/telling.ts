/** What the steps of breaches become: rows, and what is told of them, in the transaction of what they rest on. */
import { randomUUID } from 'node:crypto'
import type { Rule } from './config.ts'
import type { Context } from './context.ts'
import { addressed } from './delivery/addressed.ts'
import { claimAtOnce } from './delivery/at-once.ts'
import { canEdit } from './delivery/route.ts'
import type { Premium, Tick, Transition } from './engine/model.ts'
import { text6 } from './engine/round.ts'
import type { OpenPair } from './evaluation.ts'
import { type BreachFacts, breachMessage, evidenceOf, learntAt, type TickText } from './message/breach.ts'
import { endAcknowledgement } from './store/acknowledgements.ts'
import { insertBreach, insertTransition, updateBreach } from './store/breaches.ts'
import { channelsTold, correctBreach } from './store/corrected-breaches.ts'
import type { Client, Transaction } from './store/database.ts'
import { type Due, insertDeliveries, type NewDelivery } from './store/deliveries.ts'
import { silencesAt } from './store/silences.ts'
import { type Asked, type Before, lookBack } from './store/sparkline.ts'
import { tickTexts } from './store/ticks.ts'
import { quieted } from './telling/quiet.ts'
import { recipients } from './telling/routing.ts'

/** A step of a breach on its way into the database. */
interface Step {
  breach_id: string
  rule: Rule
  transition: Transition
}

/** Steps in order, and what their messages say beyond them. */
export interface Told {
  deliveries: NewDelivery[]
  steps: Step[]
}

/** Whom these concern are those who were told before, whatever the severity is now. */
const HEARD: readonly string[] = ['cleared', 'retracted', 'changed']

/** Reads what messages tell: sent behind the ticks and premiums, in the round trip that writes them. */
export async function tell(context: Context, client: Client, pair: OpenPair): Promise<Told> {
  if (pair.transitions.length === 0) return { deliveries: [], steps: [] }
  const steps = stepsOf(context, pair)
  const known = steps.filter(({ transition: { kind } }) => HEARD.includes(kind))
  const [silences, texts, heard, befores] = await Promise.all([
    silencesAt(client, context.now()),
    tickTexts(
      client,
      steps.flatMap(({ transition: { premium } }) => (premium === null ? [] : ticksOf(premium))),
    ),
    channelsTold(
      client,
      known.map(({ breach_id }) => breach_id),
    ),
    Promise.all(steps.map((_, i) => beforeStep(context, client, steps, i))),
  ])
  const deliveries = steps.flatMap((step, i) =>
    deliveriesOf(context, {
      ...step,
      evidence: evidenceOf(step.transition.premium, ({ tick_id }) => texts.get(tick_id) as TickText),
      before: befores[i] as Before,
      heard: heard.get(step.breach_id) ?? [],
    }),
  )
  return { deliveries: await quieted(context, client, deliveries, silences), steps }
}

/** Writes steps and deliveries, all in one round trip; answers with what is now due. */
export async function writeTold(
  context: Context,
  client: Transaction,
  pair: OpenPair,
  { steps, deliveries }: Told,
  premium_ids: readonly number[],
): Promise<Due[]> {
  for (const step of steps) {
    const premium_id = premium_ids[pair.premiums.indexOf(step.transition.premium as Premium)] ?? null
    writeStep(context, client, pair, step, premium_id)
  }
  const [due, claims] = await Promise.all([
    insertDeliveries(client, deliveries),
    claimAtOnce(context, client, deliveries),
  ])
  return due.map((one) => {
    const claimed = claims.find(({ delivery_id }) => delivery_id === one.delivery_id)
    return claimed === undefined ? one : { ...one, claimed }
  })
}

/** A breach that is raised gets its id here. */
function stepsOf(context: Context, pair: OpenPair): Step[] {
  return pair.transitions.map((transition) => {
    const rule = context.config.rules[transition.rule]
    if (rule === undefined) throw new Error(`no rule ${transition.rule}`)
    if (transition.kind === 'raised') pair.open.set(rule.rule, randomUUID())
    const breach_id = pair.open.get(rule.rule)
    if (breach_id === undefined)
      throw new Error(`rule ${rule.rule}: ${transition.kind} without an open breach`)
    return { breach_id, rule, transition }
  })
}

/** In the order in which they are to happen. */
function writeStep(
  context: Context,
  client: Transaction,
  { spec: { pair } }: OpenPair,
  { breach_id, rule, transition }: Step,
  premium_id: number | null,
): void {
  const { kind } = transition
  const seen_at = new Date(learntAt(transition))
  if (kind === 'raised') insertBreach(client, breach_id, breachFacts(context, pair, rule), transition)
  insertTransition(client, { breach_id, transition, premium_id, seen_at })
  if (kind === 'escalated' || (kind === 'changed' && !transition.silent))
    endAcknowledgement(client, breach_id)
  if (kind === 'cleared' || kind === 'retracted') updateBreach(client, pair, closedBreach(transition, kind))
  if (kind === 'changed') correctBreach(client, breach_id, transition)
}

/** What an earlier step of the same breach told is not written yet. */
async function beforeStep(
  context: Context,
  client: Client,
  steps: readonly Step[],
  i: number,
): Promise<Before> {
  const { breach_id, transition, rule } = steps[i] as Step
  const found = await lookBack(client, { breach_id, transition, ...spanOf(context, rule) })
  const earlier = steps
    .slice(0, i)
    .findLast((step) => step.breach_id === breach_id && !step.transition.silent)?.transition
  if (earlier === undefined) return found
  return { ...found, previous: { value: text6(earlier.value), at: new Date(earlier.time) } }
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
  step: Step & Pick<BreachFacts, 'evidence' | 'before'> & { heard: readonly string[] },
): NewDelivery[] {
  const { breach_id, transition, rule } = step
  if (transition.silent) return []
  const pair = context.config.pairs[rule.pair]
  if (pair === undefined) throw new Error(`rule ${rule.rule}: no pair ${rule.pair}`)
  const exposures = Object.values(context.config.exposures)
  const message = breachMessage({
    ...step,
    pair,
    exposures,
    simulated: context.simulated,
  })
  const { sequence, severity } = transition
  const to = addressees(context, step)
  return addressed(
    context.config,
    message,
    { to, subject: breach_id, sequence, breach_id, severity, shadow: rule.shadow },
    context.now(),
  )
}

/** Whoever was told hears that it is over, taken back or changed; and nobody else that it is taken back. */
function addressees(
  { config }: Context,
  { transition: { kind, severity }, rule, heard }: Step & { heard: readonly string[] },
): string[] {
  const told = recipients(config, rule, severity).map(({ channel }) => channel)
  if (kind === 'retracted' && heard.length > 0) return [...heard]
  // what has eased is only shown where a message can be changed, unless the rule wants it announced
  if (kind === 'eased' && !rule.announce_eased) return told.filter((channel) => canEdit(config, channel))
  return [...new Set([...told, ...heard])]
}

function breachFacts(context: Context, pair: string, rule: Rule) {
  const { measure, direction, raise, clear } = rule
  return {
    pair,
    measure,
    direction,
    raise,
    clear,
    configuration_id: context.configuration_id,
  }
}

function closedBreach({ rule, severity, value, peak, time }: Transition, state: 'cleared' | 'retracted') {
  return {
    rule,
    state,
    severity,
    value,
    peak,
    cleared_at: new Date(time),
    unobserved_since: null,
  } as const
}

function ticksOf({ east, west, fx }: Premium): Tick[] {
  return [east, west, ...(fx === null ? [] : [fx])]
}
