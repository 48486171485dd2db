/** What, how much, why now, since when, on which prices and tax basis, what it costs, where the evidence is. */
import type { BreachData } from '../message/data.ts'
import { amount, brief, clock, grouped, inBoth, minutes, type Place, place } from './format.ts'
import { frozenLine, frozenSuffix } from './frozen.ts'
import { gap } from './gap.ts'
import { sparkline } from './spark.ts'
import type { Line, Story } from './story.ts'

const MOST_EXPOSURES = 10
const UTC: Place = { zone: 'UTC', venue: 'UTC' }

export function breachWording(type: string, timestamp: string, data: BreachData, locale: string): Story {
  return {
    headline: headline(type, timestamp, data, locale),
    lines: [
      what(data),
      howMuch(data, locale),
      ...change(data, locale),
      ...lately(data, locale),
      why(type, data),
      ...frozenLine(data),
      ...times(data),
      ...prices(data, locale),
      ...tax(data),
      ...costs(data, locale),
      evidence(data),
    ],
  }
}

function headline(type: string, timestamp: string, data: BreachData, locale: string): string {
  const { metal, direction, raise, clear, rule } = data
  const severity = data.severity.toUpperCase()
  const { east } = places(data)
  const bound = (text: string) => (['%', 'σ'].includes(data.unit) ? `${text} ${data.unit}` : text)
  const since = `since ${clock(data.began_at, east.zone, timestamp)} ${place(east)}`
  const standing = `${gap(data, locale)}${before(data, locale)} - ${direction} ${bound(raise)} ${since}`
  switch (type) {
    case 'breach.escalated':
      return `${severity} ${metal}, escalated: ${standing}`
    case 'breach.eased':
      return `${severity} ${metal}, eased: ${standing}`
    case 'breach.reminder':
      return `STILL ${severity} ${metal}${frozenSuffix(data, timestamp, east)}: ${standing}`
    case 'breach.retracted':
      return `RETRACTED ${metal}: ${rule} was ${severity} ${since} on a price that its source has corrected - now ${gap(data, locale)}`
    case 'breach.changed':
      return `CORRECTED ${metal}: ${standing}`
    case 'breach.acknowledged':
      return `ACKNOWLEDGED ${metal}: ${standing}`
    case 'breach.cleared':
      if (data.reason.startsWith('rule-'))
        return `CLOSED ${metal}: ${rule} was ${data.reason.slice(5)} while ${severity} ${since}`
      return `CLEARED ${metal}: ${gap(data, locale)}${before(data, locale)} - back ${direction === 'above' ? 'to or below' : 'to or above'} ${bound(clear)}, was ${severity} ${since}`
    default:
      return `${severity} ${metal}: ${standing}`
  }
}

/** ', up from 4.80' */
function before({ previous, value }: BreachData, locale: string): string {
  if (!previous || previous.value === value) return ''
  const way = Number(value) > Number(previous.value) ? 'up' : 'down'
  return `, ${way} from ${brief(previous.value, locale)}`
}

function places({ legs }: BreachData): { east: Place; west: Place } {
  return legs ?? { east: UTC, west: UTC }
}

function what({ rule, pair, measure, direction, raise, clear, unit }: BreachData): Line {
  const text = `rule ${rule} on ${pair}: ${measure} ${direction} ${raise} ${unit}, clear at ${clear}`
  return { label: 'What', text }
}

function howMuch({ premium, value, peak, unit, measure }: BreachData, locale: string): Line {
  const figure = (text: string, of: string) => amount(text, of, locale)
  const furthest = `furthest ${figure(peak, unit)}`
  if (!premium) return { label: 'How much', text: `${figure(value, unit)} ${measure}; ${furthest}` }
  const money = premium.unit
  const parts = [
    `${figure(premium.as_quoted_usd, money)} (${figure(premium.as_quoted_pct, '%')}) as quoted`,
    premium.ex_tax_usd && premium.ex_tax_pct
      ? `${figure(premium.ex_tax_usd, money)} (${figure(premium.ex_tax_pct, '%')}) ex tax`
      : 'ex tax not known',
    ...(premium.landed_usd && premium.landed_pct
      ? [`${figure(premium.landed_usd, money)} (${figure(premium.landed_pct, '%')}) landed`]
      : []),
    furthest,
  ]
  return { label: 'How much', text: parts.join('; ') }
}

function change(data: BreachData, locale: string): Line[] {
  const { previous, value, unit, raise, clear } = data
  if (!previous) return []
  const old = `${brief(previous.value, locale)} at ${minutes(previous.at, places(data).east.zone)}`
  const now = amount(value, unit, locale)
  return [{ label: 'Change', text: `from ${old} to ${now}; bounds ${raise} and ${clear}` }]
}

const HOUR_MS = 3_600_000

function lately({ recent, unit }: BreachData, locale: string): Line[] {
  const values = recent?.values.filter((value) => value !== null) ?? []
  if (!recent || values.length < 2) return []
  const hours = Math.round((Date.parse(recent.to) - Date.parse(recent.from)) / HOUR_MS)
  const sorted = values.toSorted((a, b) => Number(a) - Number(b))
  const range = `${brief(sorted[0] ?? '', locale)} to ${amount(sorted.at(-1) ?? '', unit, locale)}`
  const span = hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
  return [{ label: `Last ${span}`, text: `${sparkline(recent.values)} ${range}` }]
}

const WHY: Record<string, string> = {
  'breach.raised': 'the first message of this breach',
  'breach.escalated': 'it has reached a higher level',
  'breach.eased': 'it has fallen to a lower level',
  'breach.reminder': 'it still lasts',
  'breach.acknowledged': 'somebody knows',
  'breach.cleared': 'it is over',
  'breach.retracted': 'a source has corrected the price that had raised it',
  'breach.changed': 'a source has corrected a price that was told',
}

function why(type: string, { reason, test }: BreachData): Line {
  const text = test ? 'somebody tries this channel' : (WHY[type] ?? type)
  return { label: 'Why now', text: `${text} (${reason})` }
}

function times(data: BreachData): Line[] {
  const { east, west } = places(data)
  const began = `${inBoth(data.began_at, east, west)}`
  const raised = data.raised_at === data.began_at ? '' : `, raised ${inBoth(data.raised_at, east, west)}`
  return [{ label: 'Since', text: `${began}${raised}` }]
}

function prices({ legs }: BreachData, locale: string): Line[] {
  if (!legs) return []
  const { east, west, fx } = legs
  const price = (leg: typeof east, here: Place, there: Place) =>
    `${grouped(leg.price, locale)} ${leg.currency}/${leg.unit ?? ''} at ${inBoth(leg.at, here, there)}, ${leg.series}`
  return [
    { label: place(east), text: price(east, east, west) },
    { label: place(west), text: price(west, west, east) },
    ...(fx
      ? [
          {
            label: 'Rate',
            text: `1 USD = ${grouped(fx.price, locale)} ${fx.currency} at ${inBoth(fx.at, fx, west)}, ${fx.series}`,
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

function costs({ exposures }: BreachData, locale: string): Line[] {
  const shown = exposures.slice(0, MOST_EXPOSURES)
  const left = exposures.length - shown.length
  const lines = shown.map(({ name, cost_usd, per }) => ({
    label: 'Costs',
    text: `${name}: ${grouped(cost_usd, locale)} USD per ${per}`,
  }))
  return left > 0 ? [...lines, { label: 'Costs', text: `and ${left} more exposures` }] : lines
}

function evidence({ breach_id, test }: BreachData): Line {
  return { label: 'Evidence', text: test ? 'none, the prices are invented' : `metalgap explain ${breach_id}` }
}
