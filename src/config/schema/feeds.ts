import { z } from 'zod'
import { clockTime, duration, name, percent, taxBasis, text, unit, zone } from './words.ts'

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

const ownSeries = z.strictObject({
  metal: name.describe('the metal, or of a rate usdcny'),
  instrument: text.describe('what is quoted, e.g. "Antimony 99.65 % cif Rotterdam"'),
  venue: text.describe('where it is quoted'),
  origin: text.describe('who makes the price: prices of one origin are not compared'),
  kind: z.enum(['trade', 'benchmark', 'assessment', 'rate']),
  currency: z.enum(['USD', 'CNY']),
  unit: unit.nullable().describe('what the price is for; null of a rate'),
  fraction: z
    .number()
    .gt(0)
    .lte(1)
    .exactOptional()
    .describe('of a compound: the part of it that is the metal'),
  purity: text.nullable().default(null),
  tax_basis: taxBasis,
  calendar: z.string().default('always'),
  fixing_time: clockTime.exactOptional().describe('when a price that has only a date is made'),
  max_move: percent.default(20).describe('largest plausible move from the last good price'),
  publication_lag: duration.default(0).describe("from the price's time to its publication"),
})

const ownSource = z.strictObject({
  zone: zone.describe('of the dates and times of its prices'),
  series: z.record(name, ownSeries),
})

/** config/feeds.yaml: what differs from what a feed says of itself, and the sources whose prices people bring themselves. */
export const feedsFile = z.strictObject({
  feeds: z.record(name, feed).default({}),
  own: z
    .record(name, ownSource)
    .default({})
    .describe('sources of prices that are imported (metalgap import) and never polled'),
})
export type FeedOverlay = z.output<typeof feed>
export type WrittenSource = z.output<typeof ownSource>
