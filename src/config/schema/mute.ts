import { z } from 'zod'
import { weekdaysOf } from '../../engine/session.ts'
import { clockTime, zone } from './words.ts'

const window = z.strictObject({
  days: z
    .string()
    .refine((days) => weekdaysOf(days) !== null, 'expected days such as mon-fri or mon,wed')
    .describe('the days on which it begins: mon-fri, sun, mon,wed-fri'),
  from: clockTime,
  to: clockTime.describe('not later than from means: on the next day'),
  zone,
})

/** Hours in which alerts are written and not sent. */
export const mute = z
  .array(window)
  .default([])
  .describe(
    'hours in which alerts are written and not sent; at their end one summary tells what is still raised',
  )
