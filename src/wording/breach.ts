/** What, how much, since when, on which two prices at which times, on which tax basis, what it costs, where the evidence is. */
import type { BreachData } from '../message/data.ts'
import { grouped } from '../text.ts'
import { amount, clock, inBoth, type Place, place } from './format.ts'
import type { Line, Story } from './story.ts'

const MOST_EXPOSURES = 10
const UTC: Place = { zone: 'UTC', venue: 'UTC' }

export function breachWording(type: string, timestamp: string, data: BreachData): Story {
  return {
    headline: headline(type, timestamp, data),
    lines: [
      what(data),
      howMuch(data),
      ...times(data),
      ...prices(data),
      ...tax(data),
      ...costs(data),
      evidence(data),
    ],
  }
}

function headline(type: string, timestamp: string, data: BreachData): string {
  const { metal, direction, raise, clear, rule } = data
  const severity = data.severity.toUpperCase()
  const { east } = places(data)
  const bound = (text: string) => (data.unit === '%' ? `${text} %` : text)
  const since = `since ${clock(data.began_at, east.zone, timestamp)} ${place(east)}`
  const standing = `${gap(data)} - ${direction} ${bound(raise)} ${since}`
  switch (type) {
    case 'breach.escalated':
      return `${severity} ${metal}, escalated: ${standing}`
    case 'breach.eased':
      return `${severity} ${metal}, eased: ${standing}`
    case 'breach.reminder':
      return `STILL ${severity} ${metal}: ${standing}`
    case 'breach.retracted':
      return `RETRACTED ${metal}: ${rule} was ${severity} ${since} on a price that its source has corrected - now ${gap(data)}`
    case 'breach.changed':
      return `CORRECTED ${metal}: ${standing}`
    case 'breach.cleared':
      if (data.reason.startsWith('rule-'))
        return `CLOSED ${metal}: ${rule} was ${data.reason.slice(5)} while ${severity} ${since}`
      return `CLEARED ${metal}: ${gap(data)} - back ${direction === 'above' ? 'to or below' : 'to or above'} ${bound(clear)}, was ${severity} ${since}`
    default:
      return `${severity} ${metal}: ${standing}`
  }
}

/** 'Shanghai 15.20 USD/oz (12.79 %) over London' */
function gap(data: BreachData): string {
  const value = Number(data.value)
  const size = `${absolute(data.value, data.unit)}${inOther(data)}${basisWords(data.measure)}`
  if (!data.legs) return size
  return `${place(data.legs.east)} ${size} ${value < 0 ? 'under' : 'over'} ${place(data.legs.west)}`
}

/** The same premium in percent, or in money where the measure is a percentage. */
function inOther({ measure, premium, unit }: BreachData): string {
  if (!premium) return ''
  const basis = measure.slice(0, -4) as 'as_quoted' | 'ex_tax' | 'landed'
  const other = unit === '%' ? premium[`${basis}_usd`] : premium[`${basis}_pct`]
  return other ? ` (${absolute(other, unit === '%' ? premium.unit : '%')})` : ''
}

function absolute(value: string, unit: string): string {
  return amount(value.replace('-', ''), unit)
}

function basisWords(measure: string): string {
  if (measure.startsWith('ex_tax')) return ' ex tax'
  return measure.startsWith('landed') ? ' landed' : ''
}

function places({ legs }: BreachData): { east: Place; west: Place } {
  return legs ?? { east: UTC, west: UTC }
}

function what({ rule, pair, measure, direction, raise, clear, unit }: BreachData): Line {
  const text = `rule ${rule} on ${pair}: ${measure} ${direction} ${raise} ${unit}, clear at ${clear}`
  return { label: 'What', text }
}

function howMuch({ premium, value, peak, unit, measure }: BreachData): Line {
  const furthest = `furthest ${amount(peak, unit)}`
  if (!premium) return { label: 'How much', text: `${amount(value, unit)} ${measure}; ${furthest}` }
  const money = premium.unit
  const parts = [
    `${amount(premium.as_quoted_usd, money)} (${amount(premium.as_quoted_pct, '%')}) as quoted`,
    premium.ex_tax_usd && premium.ex_tax_pct
      ? `${amount(premium.ex_tax_usd, money)} (${amount(premium.ex_tax_pct, '%')}) ex tax`
      : 'ex tax not known',
    ...(premium.landed_usd && premium.landed_pct
      ? [`${amount(premium.landed_usd, money)} (${amount(premium.landed_pct, '%')}) landed`]
      : []),
    furthest,
  ]
  return { label: 'How much', text: parts.join('; ') }
}

function times(data: BreachData): Line[] {
  const { east, west } = places(data)
  const began = `${inBoth(data.began_at, east, west)}`
  const raised = data.raised_at === data.began_at ? '' : `, raised ${inBoth(data.raised_at, east, west)}`
  return [{ label: 'Since', text: `${began}${raised}` }]
}

function prices({ legs }: BreachData): Line[] {
  if (!legs) return []
  const { east, west, fx } = legs
  const price = (leg: typeof east, here: Place, there: Place) =>
    `${grouped(leg.price)} ${leg.currency}/${leg.unit ?? ''} at ${inBoth(leg.at, here, there)}, ${leg.series}`
  return [
    { label: place(east), text: price(east, east, west) },
    { label: place(west), text: price(west, west, east) },
    ...(fx
      ? [
          {
            label: 'Rate',
            text: `1 USD = ${fx.price} ${fx.currency} at ${inBoth(fx.at, fx, west)}, ${fx.series}`,
          },
        ]
      : []),
  ]
}

const TAX = {
  inclusive: 'is taken to include VAT; ex tax is without it',
  exclusive: 'is without VAT',
  unknown: 'may or may not include VAT: ex tax is not known',
  none: 'bears no VAT',
}

function tax({ legs }: BreachData): Line[] {
  if (!legs) return []
  return [{ label: 'Tax', text: `the ${place(legs.east)} price ${TAX[legs.east.tax_basis]}` }]
}

function costs({ exposures }: BreachData): Line[] {
  const shown = exposures.slice(0, MOST_EXPOSURES)
  const left = exposures.length - shown.length
  const lines = shown.map(({ name, cost_usd, per }) => ({
    label: 'Costs',
    text: `${name}: ${grouped(cost_usd)} USD per ${per}`,
  }))
  return left > 0 ? [...lines, { label: 'Costs', text: `and ${left} more exposures` }] : lines
}

function evidence({ breach_id, test }: BreachData): Line {
  return { label: 'Evidence', text: test ? 'none, the prices are invented' : `metalgap explain ${breach_id}` }
}
