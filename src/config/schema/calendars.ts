import { z } from 'zod'
import { weekdaysOf } from '../../engine/session.ts'
import { clockTime, date, name, text, zone } from './words.ts'

const session = z.strictObject({
  days: z
    .string()
    .refine((days) => weekdaysOf(days) !== null, 'expected days such as mon-fri or mon,wed')
    .describe('mon-fri, sun, mon,wed-fri'),
  open: clockTime,
  close: clockTime.describe('not later than open means: on the next day'),
  belongs_to: z
    .enum(['same', 'next'])
    .default('same')
    .describe('next: the beginning of the next trading day'),
})

/** config/calendars/<venue>.yaml */
export const calendarFile = z.strictObject({
  calendar: name,
  zone,
  sessions: z.array(session),
  closed: z
    .array(date)
    .default([])
    .describe('weekdays without trading; no night session on the evening before'),
  valid: z
    .strictObject({ from: date, to: date })
    .describe('the span whose holidays are known; closed after it'),
  source: text.exactOptional(),
  verified: date.exactOptional(),
})
