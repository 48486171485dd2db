import { z } from 'zod'
import { measure } from './measure.ts'
import { mute } from './mute.ts'
import { date, duration, figure, name, percent, severity, text, unit } from './words.ts'

const leg = z.strictObject(
  {
    series: z.string().describe('feed/name, e.g. sge-delayed/ag-td'),
    max_age: duration.describe('older than this the price is stale'),
  },
  'expected { series: ..., max_age: ... }',
)
const legs = z
  .union([leg, z.array(leg).min(1)])
  .describe('one leg, or several: the first comparable one is used')

const pair = z.strictObject({
  east: legs,
  west: legs,
  fx: leg.nullable().default(null).describe('CNY per USD; needed unless both legs are quoted in USD'),
  max_skew: duration.default(300_000).describe('how far apart the two legs may lie'),
  plausible_premium: z
    .tuple([percent, percent], 'expected two percentages such as [-50%, 100%]')
    .default([-50, 100])
    .describe('a premium outside is not believed'),
  align: z
    .enum(['live', 'date'])
    .default('live')
    .describe('live: the latest of each; date: one observation of each per date'),
  enabled: z.boolean().default(true),
})

const level = z.strictObject({
  severity,
  raise: figure,
  clear: figure,
  for: duration.exactOptional(),
  clear_for: duration.exactOptional(),
  remind: duration.nullable().exactOptional().describe('where it is not told as often as the rule says'),
})

const rule = z.strictObject({
  pair: z.string(),
  measure,
  direction: z.enum(['above', 'below']),
  raise: figure.describe('the value that breaches'),
  clear: figure.describe('the value that is clear again, on the safe side of raise'),
  for: duration.default(0).describe('how long it must breach'),
  clear_for: duration.default(0).describe('how long it must be clear'),
  min_samples: z.int().min(1).nullable().default(null).describe('observations that a hold needs'),
  max_gap: duration
    .nullable()
    .default(null)
    .describe('a longer spell without comparison ends a pending breach'),
  on_start: z
    .enum(['raise', 'wait'])
    .default('raise')
    .describe(
      'wait: a level that is breached already when the rule begins is told only after it was not, once',
    ),
  allow_flap: z.boolean().default(false).describe('allows raise and clear to be equal'),
  announce_eased: z.boolean().default(false).describe('tell also of a fall to a lower level'),
  enabled: z.boolean().default(true),
  severity: severity.default('warning'),
  levels: z.array(level).default([]).describe('further levels, outwards from raise'),
  remind: duration.nullable().default(null).describe('tell again while it lasts'),
  mute,
  notify: z.array(z.string()).describe('names in channels.yaml'),
  shadow: z
    .boolean()
    .default(false)
    .describe(
      'true: what would be sent is written (metalgap deliveries --state shadow), and nothing is sent',
    ),
})

const exposure = z.strictObject({
  amount: figure,
  unit,
  per: z.enum(['day', 'week', 'month', 'quarter', 'year', 'once']),
  pair: z.string(),
})

const FRACTION = 'expected a fraction such as 0.13'

const vat = z.strictObject({
  from: date,
  rate: z.number().min(0, FRACTION).max(1, FRACTION).describe('a fraction: 0.13 is 13 %'),
  source: text.exactOptional(),
  verified: date.exactOptional(),
})

const material = z.strictObject({
  refined_share_china: text.exactOptional(),
  licensing: z
    .strictObject({
      status: text,
      since: date.exactOptional(),
      notice: text.exactOptional(),
      source: text.exactOptional(),
      verified: date.exactOptional(),
    })
    .exactOptional(),
  risk: z.enum(['low', 'medium', 'high', 'critical']).exactOptional(),
  source: text.exactOptional(),
  verified: date.exactOptional(),
})

/** config/metals/<metal>.yaml */
export const metalFile = z.strictObject({
  metal: name,
  title: text,
  unit: unit.describe('premiums are stated in USD per this unit'),
  material: material.default({}).describe('facts for people'),
  tax: z.strictObject({ china_vat: z.array(vat).default([]) }).default({ china_vat: [] }),
  pairs: z.record(name, pair).default({}),
  rules: z.record(name, rule).default({}),
  exposures: z.record(name, exposure).default({}),
})
