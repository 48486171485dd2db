/** What is valid and yet would never be heard of: nobody should believe to be watched by a rule that cannot speak. */
import { age } from '../engine/age.ts'
import { taxSteps } from '../engine/tax.ts'
import { readMeasure } from '../measure.ts'
import { runsWithin } from './schedule.ts'
import type { Config, Leg, Pair, Rule } from './types.ts'

type Watching = Pick<Config, 'pairs' | 'rules' | 'feeds' | 'own' | 'series' | 'metals'>

/** Enabled pairs that are never comparable or again and again not, and enabled rules that their pair can never move. */
export function silentWarnings(config: Watching): string[] {
  const pairs = Object.values(config.pairs).filter(({ enabled }) => enabled)
  const warnings = pairs.flatMap((pair) => {
    const rules = Object.values(config.rules).filter((rule) => rule.enabled && rule.pair === pair.pair)
    return [
      unfed(config, pair),
      tooLate(config, pair),
      tooSeldom(config, pair),
      ...rules.flatMap((rule) => [
        untold(config, pair, rule),
        unsaid(config, pair, rule),
        unbelieved(pair, rule),
      ]),
    ]
  })
  return warnings.filter((warning) => warning !== null)
}

/** What is imported is compared with what else is imported, polled or not. */
function unfed(config: Watching, pair: Pair): string | null {
  const { feeds, series } = config
  if (importedIn(config, pair).length > 0) return null
  const names = hopelessIn(pair, (leg) => feeds[series[leg.series]?.feed ?? '']?.enabled === false)
  if (names.length === 0) return null
  return `pair ${pair.pair} is never compared: feeds.yaml disables the feed of ${names.join(', ')}; enable it, or disable the pair`
}

/** Dates are compared when they come, however old they are by then. */
function tooLate({ series }: Watching, pair: Pair): string | null {
  if (pair.align === 'date') return null
  const lagOf = (leg: Leg) => series[leg.series]?.publication_lag_ms ?? 0
  const names = hopelessIn(
    pair,
    (leg) => leg.max_age_ms <= lagOf(leg),
    (leg) => `${leg.series} (published after ${age(lagOf(leg))}, max_age ${age(leg.max_age_ms)})`,
  )
  if (names.length === 0) return null
  return `pair ${pair.pair} is never compared: too old when it comes is ${names.join(', ')}; raise its max_age`
}

function tooSeldom({ feeds, series }: Watching, pair: Pair): string | null {
  if (pair.align === 'date') return null
  const names = hopelessIn(
    pair,
    ({ series: name, max_age_ms }) => {
      const feed = feeds[series[name]?.feed ?? '']
      return feed?.enabled === true && !runsWithin(feed.schedule, feed.zone, max_age_ms)
    },
    (leg) => `${leg.series} (max_age ${age(leg.max_age_ms)})`,
  )
  if (names.length === 0) return null
  return `pair ${pair.pair} is stale between any two polls of ${names.join(', ')}; raise its max_age, or poll its feed more often`
}

/** The sources of those legs of which none will do. */
function hopelessIn(
  { east, west, fx }: Pair,
  isHopeless: (leg: Leg) => boolean,
  name = (leg: Leg) => leg.series,
): string[] {
  const legs = [east, west, fx === null ? [] : [fx]].filter((sources) => sources.every(isHopeless))
  return legs.flat().map(name)
}

/** What is imported is compared and never alerts. */
function untold(config: Watching, pair: Pair, { rule }: Rule): string | null {
  const names = importedIn(config, pair)
  if (names.length === 0) return null
  return `rule ${rule} tells nobody anything: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} imported, not polled; metalgap backtest --rule ${rule} shows what it would have told`
}

function importedIn({ own, series }: Watching, pair: Pair): string[] {
  return hopelessIn(pair, (leg) => own[series[leg.series]?.feed ?? ''] !== undefined)
}

function unsaid(config: Watching, pair: Pair, { rule, measure: name }: Rule): string | null {
  const { measure } = readMeasure(name)
  if (measure.startsWith('landed')) {
    const instead = measure.replace('landed', 'ex_tax')
    return `rule ${rule} never tells anything: no pair can say yet what is landed; measure ${instead} instead`
  }
  if (!measure.startsWith('ex_tax')) return null
  const untaxed = pair.east.filter((leg) => !hasKnownTax(config, pair, leg)).map((leg) => leg.series)
  if (untaxed.length === 0) return null
  const remedy = `say so in feeds.yaml (tax_basis) and metals/${pair.metal}.yaml (tax)`
  const instead = measure.replace('ex_tax', 'as_quoted')
  return `rule ${rule} tells nothing on ${untaxed.join(', ')}: nothing says how much tax its price includes; ${remedy}, or measure ${instead}`
}

function hasKnownTax({ series, metals }: Watching, { metal }: Pair, leg: Leg): boolean {
  const facts = series[leg.series]
  return facts !== undefined && taxSteps(facts, metals[metal]?.china_vat ?? []).length > 0
}

/** Premiums beyond `plausible_premium` are no premiums. Without its tax an east price is lower, so it is not believed sooner. */
function unbelieved({ pair, plausible_premium: [low, high] }: Pair, rule: Rule): string | null {
  const isExact = rule.measure === 'as_quoted_pct'
  if (!isExact && rule.measure !== 'ex_tax_pct') return null
  const isBelieved = (raise: string) =>
    rule.direction === 'above' ? Number(raise) <= high : !isExact || Number(raise) >= low
  const beyond = [rule, ...rule.levels].map(({ raise }) => raise).filter((raise) => !isBelieved(raise))
  if (beyond.length === 0) return null
  return `rule ${rule.rule} never raises at ${beyond.join(', ')} %: of ${pair} only ${low} to ${high} % are believed; widen its plausible_premium, or move the bound`
}
