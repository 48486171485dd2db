/** The words in which the transitions of a story would be told. */
import type { Config, Pair, Rule } from '../config.ts'
import type { Tick, Transition } from '../engine/model.ts'
import { text6 } from '../engine/round.ts'
import { legsOf, type PairSpec } from '../engine/spec.ts'
import { breachMessage, evidenceOf, type TickText } from '../message/breach.ts'
import type { Before } from '../store/sparkline.ts'
import { lineText, wording } from '../wording.ts'

const INVENTED = '00000000-0000-4000-8000-000000000000'

/** What a story has said so far: prices as it wrote them, by tick, and what was told of each rule last. */
export interface Said {
  texts: Map<number, string>
  told: Map<string, Transition>
}

/** Headline and lines of each. */
export function messagesOf(
  config: Config,
  spec: PairSpec,
  transitions: readonly Transition[],
  { texts, told }: Said,
): string[] {
  return transitions.map((transition) => {
    const before = beforeOf(transition, told)
    told.set(transition.rule, transition)
    const evidence = evidenceOf(transition.premium, (tick) => textOf(spec, tick, texts))
    const rule = config.rules[transition.rule] as Rule
    const pair = config.pairs[spec.pair] as Pair
    const exposures = Object.values(config.exposures)
    const { headline, lines } = wording(
      breachMessage({ breach_id: INVENTED, transition, rule, pair, evidence, before, exposures }),
    )
    return [headline, ...lines.map(lineText)].join('\n')
  })
}

function beforeOf(
  { sequence, rule, time }: Transition,
  told: ReadonlyMap<string, Transition>,
): Before | null {
  const last = told.get(rule)
  if (sequence === 1 || last === undefined) return null
  const now = new Date(time)
  const previous = { value: text6(last.value), at: new Date(last.time) }
  return { previous, recent: { from: now, to: now, values: [] } }
}

function textOf(spec: PairSpec, tick: Tick, texts: ReadonlyMap<number, string>): TickText {
  const facts = legsOf(spec).find((leg) => leg.facts.series === tick.series)?.facts
  if (facts === undefined) throw new Error(`pair ${spec.pair}: no leg ${tick.series}`)
  const { series, currency, unit, tax_basis, venue, zone } = facts
  const price = texts.get(tick.tick_id) ?? String(tick.price)
  const when = { at: new Date(tick.at), seen_at: new Date(tick.seen_at) }
  return { tick_id: tick.tick_id, series, price, currency, unit, ...when, tax_basis, venue, zone }
}
