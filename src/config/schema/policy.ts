import { z } from 'zod'
import { date, duration, name, text } from './words.ts'

const event = z.strictObject({
  date,
  until: date.nullable().default(null),
  title: text,
  metals: z.array(name).min(1),
  tags: z.array(name).default([]),
  source: text,
  verified: date.describe('the day on which somebody last checked it'),
  remind: z.array(duration).default([]).describe('how long before the date to remind'),
})

/** config/policy.yaml */
export const policyFile = z.strictObject({ events: z.array(event).default([]) })
