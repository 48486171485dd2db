import { z } from 'zod'
import { duration, name, percent, taxBasis, text } from './words.ts'

const count = z.int().min(1)

const series = z.strictObject({
  calendar: z.string().exactOptional(),
  max_move: percent.exactOptional().describe('largest plausible move from the last good price'),
  tax_basis: taxBasis.exactOptional(),
  publication_lag: duration.exactOptional(),
  late_after: count.exactOptional().describe('missed publications until it is late'),
  frozen_after: count
    .exactOptional()
    .describe('polls of an open session without any change until it is frozen'),
  frozen_for: duration
    .nullable()
    .exactOptional()
    .describe('time of an open session with the same value until it is frozen; null: never'),
  max_disagreement: percent
    .exactOptional()
    .describe('how far another source of the same instrument may be away until they are disputed'),
})

const feed = z.strictObject({
  base_url: text.exactOptional().describe("scheme, host, port; the path stays the feed's own"),
  schedule: text.exactOptional().describe("cron, 5 or 6 fields, in the feed's zone"),
  enabled: z.boolean().default(true),
  key: text.exactOptional().describe('where the source wants one, as a secret'),
  failing_after: count.exactOptional().describe('failed polls in a row until it is failing'),
  series: z.record(name, series).default({}),
})

/** config/feeds.yaml: what differs from what a feed says of itself. */
export const feedsFile = z.strictObject({ feeds: z.record(name, feed).default({}) })
export type FeedOverlay = z.output<typeof feed>
