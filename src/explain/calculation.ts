/** From two prices and a rate to a premium, step by step, as an auditor would do it again. */
import type { Metal, Pair } from '../config.ts'
import type { SeriesFacts } from '../engine/model.ts'
import { GRAMS } from '../engine/units.ts'
import { dateIn } from '../engine/zone.ts'
import { apply, exact, rounded, trimmed } from './exact.ts'
import { type Step, step, type Term } from './step.ts'

/** A price with the facts of its series that were in force. */
export interface Quoted {
  facts: SeriesFacts
  /** exact text */
  price: string
  at: Date
}

export interface Legs {
  east: Quoted
  west: Quoted
  fx: Quoted | null
}

export interface Stored {
  east_usd: string
  west_usd: string
  as_quoted_usd: string
  as_quoted_pct: string
  ex_tax_usd: string | null
  ex_tax_pct: string | null
}

/** What the east price holds of Chinese value added tax. */
export interface Tax {
  basis: SeriesFacts['tax_basis']
  /** a fraction, and the day since which it is in force; null where nothing is taken out */
  rate: number | null
  since: string | null
  /** what the configuration names as the source of the rate */
  source: string | null
  /** one sentence */
  because: string
}

export function calculation(pair: Pair, legs: Legs, tax: Tax, stored: Stored): Step[] {
  const unit = `USD/${pair.unit}`
  const east = converted('east', legs.east, pair, legs.fx, stored.east_usd)
  const west = converted('west', legs.west, pair, legs.fx, stored.west_usd)
  const over = (what: string, from: Step, usd: string | null, pct: string | null) => {
    const gap = step({
      what,
      first: { figure: from.result, unit },
      terms: [{ operator: '-', figure: west.result, unit }],
      unit,
      stored: usd,
    })
    const percent = step({
      what: `${what}, percent of west`,
      first: { figure: gap.result, unit },
      terms: [
        { operator: '/', figure: west.result, unit },
        { operator: 'x', figure: '100', unit: '' },
      ],
      unit: '%',
      stored: pct,
    })
    return [gap, percent]
  }
  return [
    east,
    west,
    ...over('as quoted', east, stored.as_quoted_usd, stored.as_quoted_pct),
    ...(tax.rate === null ? [] : exTax(east, tax.rate, unit)).flatMap((bare) => [
      bare,
      ...over('ex tax', bare, stored.ex_tax_usd, stored.ex_tax_pct),
    ]),
  ]
}

function exTax(east: Step, rate: number, unit: string): Step[] {
  const divisor = trimmed(rounded(apply(exact('1'), '+', exact(String(rate))), 6))
  return [
    step({
      what: 'east without the tax',
      first: { figure: east.result, unit },
      terms: [{ operator: '/', figure: divisor, unit: '' }],
      unit,
      stored: null,
    }),
  ]
}

function converted(what: string, leg: Quoted, pair: Pair, fx: Quoted | null, stored: string): Step {
  const { currency, unit, fraction } = leg.facts
  const rate: Term[] =
    currency === 'CNY' && fx !== null ? [{ operator: '/', figure: fx.price, unit: 'CNY/USD' }] : []
  return step({
    what,
    first: { figure: leg.price, unit: `${currency}/${unit}` },
    terms: [...unitTerms(unit, pair.unit, fraction), ...rate],
    unit: `USD/${pair.unit}`,
    stored,
  })
}

/** One factor where it is a finite decimal, else the grams of both units. */
function unitTerms(from: SeriesFacts['unit'], to: Pair['unit'], fraction: number | undefined): Term[] {
  if (from === null) return []
  const contained: Term[] =
    fraction === undefined ? [] : [{ operator: '/', figure: String(fraction), unit: 'of metal in it' }]
  if (from === to) return from === 'mtu' ? [] : contained
  const [grams_from, grams_to] = [String(GRAMS[from]), String(GRAMS[to])]
  const factor = /^10*$/.test(grams_from)
    ? trimmed(rounded(apply(exact(grams_to), '/', exact(grams_from)), 16))
    : null
  const conversion: Term[] =
    factor === null
      ? [
          { operator: 'x', figure: grams_to, unit: `g/${to}` },
          { operator: '/', figure: grams_from, unit: `g/${from}` },
        ]
      : [{ operator: 'x', figure: factor, unit: `${from}/${to}` }]
  return [...conversion, ...contained]
}

/** Which rate was in force on the date of the east price, in its venue's zone. */
export function taxOf(metal: Pick<Metal, 'china_vat'>, east: Quoted): Tax {
  const { tax_basis: basis, zone, series } = east.facts
  const nothing = { basis, rate: null, since: null, source: null }
  if (basis === 'unknown')
    return { ...nothing, because: `whether ${series} holds tax is not known, so there is no premium ex tax` }
  if (basis !== 'inclusive') return { ...nothing, because: `${series} holds no tax: ex tax is as quoted` }
  const date = dateIn(zone, east.at.getTime())
  const step = metal.china_vat.findLast(({ from }) => from <= date)
  if (step === undefined)
    return {
      ...nothing,
      because: `${date} is before the first rate that is known, so there is no premium ex tax`,
    }
  const { from: since, rate, source = null } = step
  return {
    basis,
    rate,
    since,
    source,
    because: `${series} holds the tax; on ${date} (${zone}) the rate was ${Number((rate * 100).toFixed(4))} %, in force since ${since}`,
  }
}
