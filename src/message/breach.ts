/** What is told of a step of a breach: every number with the prices behind it. */
import type { Message } from '../channels/channel.ts'
import type { Exposure, Pair, Rule } from '../config.ts'
import type { Premium, TaxBasis, Tick, Transition } from '../engine/model.ts'
import { text6 } from '../engine/round.ts'
import { unitOf } from '../measure.ts'
import type { Before } from '../store/sparkline.ts'
import type { BreachData } from './data.ts'
import { exposureCosts } from './exposures.ts'

/** A tick with what a reader needs to know of it; `price` is the exact text that the source published. */
export interface TickText {
  tick_id: number
  series: string
  price: string
  currency: string
  /** null for a rate */
  unit: string | null
  at: Date
  seen_at: Date
  tax_basis: TaxBasis
  venue: string
  /** IANA */
  zone: string
}

/** A premium and its ticks as text. */
export interface Evidence {
  premium: Premium
  east: TickText
  west: TickText
  fx: TickText | null
}

/** Null where no price led to the step. */
export function evidenceOf(premium: Premium | null, text: (tick: Tick) => TickText): Evidence | null {
  if (premium === null) return null
  const { east, west, fx } = premium
  return { premium, east: text(east), west: text(west), fx: fx && text(fx) }
}

export interface BreachFacts {
  breach_id: string
  transition: Transition
  rule: Pick<Rule, 'rule' | 'measure' | 'direction' | 'raise' | 'clear' | 'levels'>
  pair: Pick<Pair, 'pair' | 'metal' | 'unit'>
  /** null where no prices led to the step, and none are known */
  evidence: Evidence | null
  /** null where it was not looked up */
  before?: Before | null
  /** of the whole configuration: those of this pair are told */
  exposures: readonly Exposure[]
  /** the prices come from a simulator */
  simulated?: boolean
}

/** When we learnt of a step (epoch ms): when its price was seen; of what no observation led to, its own time. */
export function learntAt({ kind, reason, premium, time }: Transition): number {
  return premium === null || kind === 'reminder' || reason === 'correction' ? time : premium.seen_at
}

/** `breach.<kind>`; timestamp is when the deciding price was seen, or the clock's for a step without one. */
export function breachMessage(facts: BreachFacts): Message & { data: BreachData } {
  const { transition, evidence } = facts
  return {
    type: `breach.${transition.kind}`,
    timestamp: iso(learntAt(transition)),
    data: {
      schema_version: 1,
      breach_id: facts.breach_id,
      sequence: transition.sequence,
      reason: transition.reason as BreachData['reason'],
      test: false,
      ...(facts.simulated && { simulated: true }),
      ...ruleText(facts),
      severity: transition.severity,
      value: text6(transition.value),
      began_at: iso(transition.began_at),
      raised_at: iso(transition.raised_at),
      peak: text6(transition.peak),
      ...(facts.before && beforeText(facts.before)),
      ...(transition.frozen && { frozen: frozenText(transition.frozen) }),
      premium: evidence && premiumText(evidence.premium, facts.pair.unit),
      legs: evidence && {
        east: legText(evidence.east),
        west: legText(evidence.west),
        fx: evidence.fx && legText(evidence.fx),
      },
      exposures: evidence ? exposureCosts(facts.exposures, facts.pair, evidence.premium) : [],
    },
  }
}

function frozenText({ cause, since }: NonNullable<Transition['frozen']>): NonNullable<BreachData['frozen']> {
  const [state = '', leg = null] = cause.split(' ')
  return { state, leg: leg as 'east' | 'west' | 'fx' | null, since: iso(since) }
}

function beforeText({ previous, recent }: Before): Pick<BreachData, 'previous' | 'recent'> {
  return {
    previous: previous && { value: previous.value, at: previous.at.toISOString() },
    recent: { from: recent.from.toISOString(), to: recent.to.toISOString(), values: recent.values },
  }
}

/** The engine's level 0 is the rule's own bounds, the rule's further levels follow. What ends has come back past all of them. */
function ruleText({ rule, pair, transition: { kind, level } }: BreachFacts) {
  const bounds = kind === 'cleared' ? rule : (rule.levels[level - 1] ?? rule)
  return {
    rule: rule.rule,
    pair: pair.pair,
    metal: pair.metal,
    measure: rule.measure,
    direction: rule.direction,
    raise: bounds.raise,
    clear: bounds.clear,
    unit: unitOf(rule.measure, pair.unit),
  }
}

function premiumText(premium: Premium, unit: string): BreachData['premium'] {
  const text = (value: number | null) => (value === null ? null : text6(value))
  return {
    unit: `USD/${unit}`,
    as_quoted_usd: text6(premium.as_quoted_usd),
    as_quoted_pct: text6(premium.as_quoted_pct),
    ex_tax_usd: text(premium.ex_tax_usd),
    ex_tax_pct: text(premium.ex_tax_pct),
    landed_usd: text(premium.landed_usd),
    landed_pct: text(premium.landed_pct),
  }
}

function legText(tick: TickText) {
  return {
    series: tick.series,
    price: tick.price,
    currency: tick.currency,
    unit: tick.unit,
    at: tick.at.toISOString(),
    seen_at: tick.seen_at.toISOString(),
    tick_id: String(tick.tick_id),
    venue: tick.venue,
    zone: tick.zone,
    tax_basis: tick.tax_basis,
  }
}

function iso(epoch_ms: number): string {
  return new Date(epoch_ms).toISOString()
}
