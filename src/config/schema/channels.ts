import { z } from 'zod'
import { name, text } from './words.ts'

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
})
