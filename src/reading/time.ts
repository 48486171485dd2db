/** The source's own times, strictly: a date that does not exist is refused, not rolled over. */
import { dateText, dayNumber, instantOf } from '../engine/zone.ts'
import { Refused } from './refuse.ts'

const DATE = /^\d{4}-\d\d-\d\d$/
const TIME = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$/

/** When the clocks of `zone` show `time` ('H:MM' or 'H:MM:SS') on `date` ('YYYY-MM-DD'). Throws Refused. */
export function zonedTime(zone: string, date: string | undefined, time: string | undefined): Date {
  const [, hour = '', minute, second = '00'] = TIME.exec(time ?? '') ?? []
  if (!isDate(date)) throw new Refused(`date is "${date ?? ''}"; expected one such as 2026-01-29`)
  if (!minute || Number(hour) > 23)
    throw new Refused(`time is "${time ?? ''}"; expected one such as 15:00:46`)
  return new Date(instantOf(zone, date, `${hour.padStart(2, '0')}:${minute}`) + Number(second) * 1000)
}

export function isDate(text: string | undefined): text is string {
  return (
    text !== undefined &&
    DATE.test(text) &&
    !Number.isNaN(dayNumber(text)) &&
    dateText(dayNumber(text)) === text
  )
}
