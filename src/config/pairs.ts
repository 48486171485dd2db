import type { SeriesFacts } from '../engine/model.ts'
import { own } from './check.ts'
import { converts } from './converts.ts'
import type { Document, Path } from './document.ts'
import type { Known, MetalFile } from './metals.ts'
import type { Leg, Pair } from './types.ts'

type Written = MetalFile['pairs'][string]
type WrittenLeg = NonNullable<Written['fx']>

/** a leg's series with its place in the file */
interface Placed {
  path: PropertyKey[]
  facts: SeriesFacts
}

/** rates that are stated in CNY per USD, on the mainland and offshore */
const CNY_PER_USD = ['usdcny', 'usdcnh']

/** A pair whose legs can be compared: same metal, other origins, units and currencies that convert. */
export function resolvePair(
  document: Document,
  file: MetalFile,
  name: string,
  pair: Written,
  known: Known,
): Pair {
  const path = ['pairs', name]
  const east = placedLegs([...path, 'east'], pair.east, known)
  const west = placedLegs([...path, 'west'], pair.west, known)
  for (const leg of [...east, ...west]) checkMetalLeg(document, leg, file)
  checkOrigins(document, east, west)
  checkRate(document, [...path, 'fx'], pair.fx, [...east, ...west], known)
  const [low, high] = pair.plausible_premium
  if (low >= high) {
    document.report(
      [...path, 'plausible_premium'],
      `found ${low}% to ${high}%, expected the lower bound first`,
    )
  }
  return {
    pair: name,
    metal: file.metal,
    unit: file.unit,
    east: [pair.east].flat().map(resolveLeg),
    west: [pair.west].flat().map(resolveLeg),
    fx: pair.fx && resolveLeg(pair.fx),
    max_skew_ms: pair.max_skew,
    plausible_premium: [low, high],
    align: pair.align,
    enabled: pair.enabled,
  }
}

function resolveLeg({ series, max_age }: WrittenLeg): Leg {
  return { series, max_age_ms: max_age }
}

function placedLegs(path: string[], legs: WrittenLeg | WrittenLeg[], known: Known): Placed[] {
  return [legs].flat().flatMap((leg, index) => {
    const at = [...path, ...(Array.isArray(legs) ? [index] : []), 'series']
    const facts = own(known.series, leg.series)
    return facts ? [{ path: at, facts }] : []
  })
}

function checkMetalLeg(document: Document, { path, facts }: Placed, file: MetalFile): void {
  const problem = legProblem(facts, file)
  if (problem) document.report(path, `found ${facts.series}, ${problem}`)
}

function legProblem(facts: SeriesFacts, { metal, unit }: MetalFile): string | null {
  if (facts.kind === 'rate') return `a rate, expected a price of ${metal}`
  if (facts.metal !== metal) return `a price of ${facts.metal}, expected a price of ${metal}`
  if (facts.currency !== 'USD' && facts.currency !== 'CNY')
    return `quoted in ${facts.currency}, expected USD or CNY`
  if (facts.unit !== null && converts(facts.unit, unit, facts.fraction)) return null
  return `quoted per ${facts.unit}, expected a unit that converts to ${unit}`
}

/** Prices of one origin differ by nothing but delay and rounding: their difference is no premium (SEMANTICS 11). */
function checkOrigins(document: Document, east: Placed[], west: Placed[]): void {
  for (const leg of west) {
    const same = east.find((other) => other.facts.origin === leg.facts.origin)
    if (!same) continue
    const found = `${leg.facts.series} of origin ${leg.facts.origin}, the origin of the east leg ${same.facts.series} too`
    document.report(leg.path, `found ${found}, expected another origin: the difference would be no premium`)
  }
}

function checkRate(
  document: Document,
  path: Path,
  fx: WrittenLeg | null,
  legs: Placed[],
  known: Known,
): void {
  if (fx) {
    const at = [...path, 'series']
    const facts = own(known.series, fx.series)
    if (facts && (facts.kind !== 'rate' || !CNY_PER_USD.includes(facts.metal))) {
      document.report(
        at,
        `found ${fx.series}, which is no rate of CNY per USD, expected one such as ${ratesOf(known)}`,
      )
    }
    return
  }
  const yuan = legs.find(({ facts }) => facts.currency === 'CNY')
  if (yuan)
    document.report(
      path,
      `missing fx, expected a rate such as ${ratesOf(known)}, because ${yuan.facts.series} is quoted in CNY`,
    )
}

function ratesOf(known: Known): string {
  const rates = Object.values(known.series).filter((facts) => CNY_PER_USD.includes(facts.metal))
  return rates.map((facts) => facts.series).join(', ')
}
