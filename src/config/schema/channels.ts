import { z } from 'zod'
import { name, severity, text } from './words.ts'

const names = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value))
const severities = z
  .union([severity, z.array(severity).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value))

const route = z.strictObject({
  match: z
    .strictObject({
      metal: names.exactOptional(),
      pair: names.exactOptional(),
      rule: names.exactOptional(),
      severity: severities.exactOptional().describe('of the message'),
    })
    .default({})
    .describe('each key that is there must match; without keys everything does'),
  notify: z.array(z.string()).min(1).describe('names of channels'),
})

/** config/channels.yaml; what else a channel may say is its kind's own business. */
export const channelsFile = z.strictObject({
  channels: z
    .record(
      name,
      z.looseObject({ kind: text.describe('a file of src/channels: console, slack, webhook ...') }),
    )
    .default({}),
  operators: z
    .array(z.string())
    .default([])
    .describe('channels that hear of feeds, policy dates and dead deliveries'),
  routes: z
    .array(route)
    .default([])
    .describe('who hears of alerts beside those whom the rules notify; all that match apply'),
})
