/** The words that every file shares. A message that begins with "expected" is shown after what was found. */
import { z } from 'zod'
import { isZone } from '../../engine/zone.ts'

const LONGEST_DAYS = 3_650
const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** '45m' as ms. */
export const duration = z
  .string('expected a duration such as 30s, 45m, 4h or 1d')
  .regex(/^\d+(ms|s|m|h|d)$/, 'expected a duration such as 30s, 45m, 4h or 1d')
  .transform((text) => {
    const [, count, unit] = /^(\d+)(\w+)$/.exec(text) as unknown as [string, string, keyof typeof UNITS_MS]
    return Number(count) * UNITS_MS[unit]
  })
  .refine((ms) => ms <= LONGEST_DAYS * UNITS_MS.d, `expected at most ${LONGEST_DAYS}d`)
  .describe('a duration: 30s, 45m, 4h, 1d')

/** '-50%' as percentage points. */
export const percent = z
  .string('expected a percentage such as -50% or 100%')
  .regex(/^-?\d+(\.\d+)?%$/, 'expected a percentage such as -50% or 100%')
  .transform((text) => Number(text.slice(0, -1)))
  .describe('a percentage: -50%, 2.5%')

/** A number that is shown again as it was typed; its text comes from the document. */
export const figure = z
  .union(
    [z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, 'expected a number such as 5.50')],
    'expected a number such as 5.50',
  )
  .describe('a decimal number, shown as written')

export const date = z
  .string('expected a date YYYY-MM-DD')
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'expected a date YYYY-MM-DD', abort: true })
  .refine(isDate, 'expected a day that exists, YYYY-MM-DD')

export const clockTime = z
  .string('expected a time "HH:MM" in quotes')
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time "HH:MM"')

const LONGEST_NAME = 80

/** `constructor` would find what every object has. */
export const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'expected a name of lower-case letters, digits and dashes')
  .max(LONGEST_NAME, `expected a name of at most ${LONGEST_NAME} characters`)
  .refine((written) => written !== 'constructor', 'expected any name but this one')

export const zone = z.string().refine(isZone, 'expected an IANA time zone such as Asia/Shanghai')

export const text = z.string('expected text').min(1, 'expected some text')

export const unit = z.enum(['oz', 'g', 'kg', 'lb', 't', 'mtu'])

export const severity = z.enum(['info', 'warning', 'critical'])

export const taxBasis = z.enum(['inclusive', 'exclusive', 'unknown', 'none'])

function isDate(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}
