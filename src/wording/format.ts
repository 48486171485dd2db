/** Numbers, places and times as people read them. */
import { offsetAt } from '../engine/zone.ts'

/** '15.197228', 'USD/oz' -> '15.20 USD/oz'; small amounts keep four decimals. */
export function amount(value: string, unit: string, locale: string): string {
  return `${brief(value, locale, unit === '%' ? 2 : 4)} ${unit}`
}

/** Two decimals, or `small` of them below 1. */
export function brief(value: string, locale: string, small = 4): string {
  const number = Number(value)
  return inLocale(value, Math.abs(number) >= 1 || number === 0 ? 2 : small, locale)
}

/** '29925.5' -> '29,925.5': every digit as it was published. */
export function grouped(decimal: string, locale: string): string {
  return inLocale(decimal, decimal.split('.')[1]?.length ?? 0, locale)
}

/** Exact: Intl rounds the text, not a float. */
function inLocale(decimal: string, digits: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'negative',
  })
  return format.format(decimal as Intl.StringNumericLiteral)
}

/** The city of the zone, or the venue where the zone names none. */
export function place({ zone, venue }: { zone: string; venue: string }): string {
  const [area, ...rest] = zone.split('/')
  const city = rest.at(-1)
  return city && area !== 'Etc' ? city.replaceAll('_', ' ') : venue
}

/** '2026-01-29 14:55 Shanghai' */
export function minutes(time: string, zone: string): string {
  return `${local(time, zone).slice(0, 16)} ${place({ zone, venue: zone })}`
}

/** '14:55' on the day of `reference`, otherwise with its date; the place is not named. */
export function clock(time: string, zone: string, reference: string): string {
  const text = local(time, zone).slice(0, 16)
  return text.slice(0, 10) === local(reference, zone).slice(0, 10) ? text.slice(11) : text
}

/** '2026-01-29 15:00:46 Shanghai (07:00:46 London)' */
export function inBoth(time: string, first: Place, second: Place): string {
  const here = local(time, first.zone)
  if (first.zone === second.zone) return `${here} ${place(first)}`
  const there = local(time, second.zone)
  const sameDay = here.slice(0, 10) === there.slice(0, 10)
  return `${here} ${place(first)} (${sameDay ? there.slice(11) : there} ${place(second)})`
}

export interface Place {
  zone: string
  venue: string
}

/** 'YYYY-MM-DD HH:MM:SS' */
function local(time: string, zone: string): string {
  const instant = Date.parse(time)
  return new Date(instant + offsetAt(zone, instant)).toISOString().slice(0, 19).replace('T', ' ')
}
