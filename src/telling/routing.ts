/** Who hears of an alert: whom the rule itself notifies, and whom every route that matches it notifies. */
import type { Config, RouteConfig, Rule } from '../config.ts'

export interface Recipient {
  channel: string
  /** why it hears of it: in words that name the entry of the configuration */
  because: string[]
}

type Routing = Pick<Config, 'pairs' | 'routes'>

/** Each channel once, those of the rule first. `severity` is that of the message. */
export function recipients(
  { pairs, routes }: Routing,
  rule: Pick<Rule, 'rule' | 'pair' | 'notify'>,
  severity: string,
): Recipient[] {
  const facts = { metal: pairs[rule.pair]?.metal ?? '', pair: rule.pair, rule: rule.rule, severity }
  const named = rule.notify.map((channel) => ({ channel, why: `notify of rule ${rule.rule}` }))
  const routed = routes.flatMap((route, index) =>
    matches(route, facts) ? route.notify.map((channel) => ({ channel, why: inWords(route, index) })) : [],
  )
  const reasons = Map.groupBy([...named, ...routed], ({ channel }) => channel)
  return [...reasons].map(([channel, all]) => ({ channel, because: all.map(({ why }) => why) }))
}

function matches({ match }: RouteConfig, facts: Record<keyof RouteConfig['match'], string>): boolean {
  return (Object.keys(facts) as (keyof typeof facts)[]).every(
    (key) => match[key]?.includes(facts[key]) ?? true,
  )
}

/** 'route 2 (severity critical)' */
function inWords({ match }: RouteConfig, index: number): string {
  const said = Object.entries(match).map(([key, values]) => `${key} ${values.join(' or ')}`)
  return `route ${index + 1} (${said.join(', ') || 'everything'})`
}
