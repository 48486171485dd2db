/** A breach explained to a person. */
import { span, utc } from '../command-line/words.ts'
import { counted } from '../text.ts'
import type { ExplainedBreach } from './breach.ts'
import { premiumText } from './premium-text.ts'

const MOST_OBSERVATIONS = 10
const SHOWN_HASH = 12

export function breachText(breach: ExplainedBreach): string[] {
  const { breach_id, rule, pair, state, severity, configuration_hash } = breach
  return [
    `Breach ${breach_id}: ${rule} on ${pair}, ${state}, ${severity}`,
    '',
    `BOUNDS    ${breach.measure} ${breach.direction} ${breach.raise} raises, ${breach.clear} clears (${breach.unit})`,
    `VALUE     ${breach.value} now or at the end, ${breach.peak} at its peak`,
    ...holdText(breach),
    ...(breach.unobserved_since === null ? [] : [`UNSEEN    since ${utc(breach.unobserved_since)}`]),
    ...breach.exposures.map(
      ({ name, cost_usd, per }) =>
        `COSTS     ${name}: ${cost_usd} USD per ${per}, as told when it was raised`,
    ),
    `CONFIG    ${configuration_hash.slice(0, SHOWN_HASH)}`,
    '',
    ...breach.transitions.flatMap((transition) => transitionText(transition, breach.unit)),
    ...(breach.raised_by === null ? [] : ['', ...premiumText(breach.raised_by)]),
  ]
}

function holdText({ hold, state, began_at, raised_at, cleared_at }: ExplainedBreach): string[] {
  const { for_ms, min_samples, lasted_ms, observations } = hold
  const wanted = for_ms === null ? 'the rule is gone' : `${span(for_ms)} wanted`
  const samples = min_samples === null ? '' : `, ${counted(min_samples, 'observation')} wanted`
  const shown = observations.slice(0, MOST_OBSERVATIONS)
  return [
    `HOLD      began ${utc(began_at)}, raised ${utc(raised_at)}: ${span(lasted_ms)}, ${wanted}${samples}`,
    ...shown.map(({ time, value, premium_id }) => `          ${utc(time)}  ${value}  premium ${premium_id}`),
    ...(shown.length < observations.length
      ? [`          and ${observations.length - shown.length} more`]
      : []),
    ...(cleared_at === null
      ? []
      : [`${state === 'retracted' ? 'RETRACTED' : 'CLEARED  '} ${utc(cleared_at)}`]),
  ]
}

function transitionText(transition: ExplainedBreach['transitions'][number], unit: string): string[] {
  const { sequence, kind, time, severity, value, reason, premium_id, east_usd, west_usd, deliveries } =
    transition
  const prices =
    premium_id === null ? 'no price led to it' : `premium ${premium_id}: east ${east_usd}, west ${west_usd}`
  return [
    `STEP ${sequence}    ${kind} (${reason}) ${utc(time)}, ${severity}, at ${value} ${unit}; ${prices}`,
    ...(deliveries.length === 0 ? ['  told nobody'] : deliveries.flatMap(deliveryText)),
  ]
}

function deliveryText({
  channel,
  type,
  state,
  delivery_id,
  attempts,
}: ExplainedBreach['transitions'][number]['deliveries'][number]): string[] {
  return [
    `  ${channel}: ${type} ${state}, webhook-id ${delivery_id}`,
    ...attempts.map(({ number, started_at, outcome, status, error }) =>
      [`    attempt ${number} ${utc(started_at)} ${outcome}`, status, error]
        .filter((part) => part !== null)
        .join(', '),
    ),
  ]
}
