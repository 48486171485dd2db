/** A pair as it is written: legs that can be compared, of the metal and of other origins, and a rate where they need one. */
import type { SeriesFacts } from '../engine/model.ts'
import { at, own } from './check.ts'
import { converts } from './converts.ts'
import type { Document, Path } from './document.ts'
import type { Stated } from './metals.ts'
import { eachOf } from './references.ts'
import { percent } from './schema/words.ts'

type Series = Record<string, SeriesFacts>

/** a leg's series with its place in the file */
interface Placed {
  path: Path
  facts: SeriesFacts
}

/** rates that are stated in CNY per USD, on the mainland and offshore */
const CNY_PER_USD = ['usdcny', 'usdcnh']

export function checkPair(document: Document, name: string, stated: Stated, series: Series): void {
  const path = ['pairs', name]
  const east = placedLegs(document, [...path, 'east'], series)
  const west = placedLegs(document, [...path, 'west'], series)
  for (const leg of [...east, ...west]) checkMetalLeg(document, leg, stated)
  checkOrigins(document, east, west)
  checkRate(document, [...path, 'fx'], [...east, ...west], series)
  checkBand(document, [...path, 'plausible_premium'])
}

function placedLegs(document: Document, legs: Path, series: Series): Placed[] {
  return eachOf(document, legs).flatMap((leg) => {
    const path = [...leg, 'series']
    const facts = own(series, String(at(document.written, path)))
    return facts ? [{ path, facts }] : []
  })
}

function checkMetalLeg(document: Document, { path, facts }: Placed, stated: Stated): void {
  const problem = legProblem(facts, stated)
  if (problem) document.report(path, `found ${facts.series}, ${problem}`)
}

function legProblem(facts: SeriesFacts, { metal, unit }: Stated): string | null {
  if (facts.kind === 'rate') return `a rate, expected a price of ${metal ?? 'the metal'}`
  if (metal !== null && facts.metal !== metal)
    return `a price of ${facts.metal}, expected a price of ${metal}`
  if (facts.currency !== 'USD' && facts.currency !== 'CNY')
    return `quoted in ${facts.currency}, expected USD or CNY`
  if (unit === null || (facts.unit !== null && converts(facts.unit, unit, facts.fraction))) return null
  return `quoted per ${facts.unit}, expected a unit that converts to ${unit}`
}

/** Prices of one origin differ by nothing but delay and rounding: their difference is no premium. */
function checkOrigins(document: Document, east: Placed[], west: Placed[]): void {
  for (const leg of west) {
    const same = east.find((other) => other.facts.origin === leg.facts.origin)
    if (!same) continue
    const found = `${leg.facts.series} of origin ${leg.facts.origin}, the origin of the east leg ${same.facts.series} too`
    document.report(leg.path, `found ${found}, expected another origin: the difference would be no premium`)
  }
}

function checkRate(document: Document, path: Path, legs: Placed[], series: Series): void {
  const rate = at(document.written, path)
  const yuan = legs.find(({ facts }) => facts.currency === 'CNY')
  if ((rate === undefined || rate === null) && yuan) {
    const expected = `expected a rate such as ${ratesOf(series)}, because ${yuan.facts.series} is quoted in CNY`
    document.report(path, `missing fx, ${expected}`)
  }
  const name = at(rate, ['series'])
  const facts = own(series, String(name))
  if (facts && (facts.kind !== 'rate' || !CNY_PER_USD.includes(facts.metal))) {
    const expected = `expected one such as ${ratesOf(series)}`
    document.report([...path, 'series'], `found ${name}, which is no rate of CNY per USD, ${expected}`)
  }
}

function ratesOf(series: Series): string {
  const rates = Object.values(series).filter((facts) => CNY_PER_USD.includes(facts.metal))
  return rates.map((facts) => facts.series).join(', ')
}

function checkBand(document: Document, path: Path): void {
  const [low, high] = [0, 1].map((index) => percent.safeParse(at(document.written, [...path, index])).data)
  if (low !== undefined && high !== undefined && low >= high)
    document.report(path, `found ${low}% to ${high}%, expected the lower bound first`)
}
