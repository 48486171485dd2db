/** The value of a breach in words: the premium, and of a measure over history how it stands beside the time before. */
import { readMeasure } from '../measure.ts'
import type { BreachData } from '../message/data.ts'
import { amount, brief, place } from './format.ts'

/** 'Shanghai 15.20 USD/oz (12.79 %) over London', of a measure over history with ', up 4.20 USD/oz in 24h' */
export function gap(data: BreachData, locale: string): string {
  const history = historyWords(data.measure, data.value, data.unit, locale)
  if (history === null) return premiumWords(data, data.measure, data.value, data.unit, locale)
  const { measure } = readMeasure(data.measure)
  const value = data.premium?.[measure]
  if (!value) return history
  const unit = measure.endsWith('_pct') ? '%' : data.premium?.unit
  return `${premiumWords(data, measure, value, unit ?? '', locale)}, ${history}`
}

function premiumWords(
  data: BreachData,
  measure: string,
  value: string,
  unit: string,
  locale: string,
): string {
  const size = `${absolute(value, unit, locale)}${inOther(data, measure, unit, locale)}${basisWords(measure)}`
  if (!data.legs) return size
  return `${place(data.legs.east)} ${size} ${Number(value) < 0 ? 'under' : 'over'} ${place(data.legs.west)}`
}

/** 'up 4.20 USD/oz in 24h', 'at percentile 97.50 of its last 30d', '2.40 σ above its mean of 30d'; null of a plain measure. */
function historyWords(name: string, value: string, unit: string, locale: string): string | null {
  const { window, over } = readMeasure(name)
  const size = value.replace('-', '')
  const falls = Number(value) < 0
  switch (window?.kind) {
    case 'change':
      return `${falls ? 'down' : 'up'} ${amount(size, unit, locale)} in ${over}`
    case 'percentile':
      return `at percentile ${brief(value, locale)} of its last ${over}`
    case 'zscore':
      return `${amount(size, unit, locale)} ${falls ? 'below' : 'above'} its mean of ${over}`
    default:
      return null
  }
}

/** The same premium in percent, or in money where the measure is a percentage. */
function inOther({ premium }: BreachData, measure: string, unit: string, locale: string): string {
  if (!premium) return ''
  const basis = measure.slice(0, -4) as 'as_quoted' | 'ex_tax' | 'landed'
  const other = unit === '%' ? premium[`${basis}_usd`] : premium[`${basis}_pct`]
  return other ? ` (${absolute(other, unit === '%' ? premium.unit : '%', locale)})` : ''
}

function absolute(value: string, unit: string, locale: string): string {
  return amount(value.replace('-', ''), unit, locale)
}

function basisWords(measure: string): string {
  if (measure.startsWith('ex_tax')) return ' ex tax'
  return measure.startsWith('landed') ? ' landed' : ''
}
