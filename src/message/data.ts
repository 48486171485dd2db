/** The `data` of every type of message; docs/schemas/webhook is made from these. Text that is a number stays text. */
import { z } from 'zod'

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/)
const six = z.string().regex(/^-?\d+\.\d{6}$/)
const time = z.iso.datetime({ precision: 3 })
const MEASURES = [
  'as_quoted_usd',
  'as_quoted_pct',
  'ex_tax_usd',
  'ex_tax_pct',
  'landed_usd',
  'landed_pct',
] as const
const OVER_HISTORY = /^(change|percentile|zscore)\((as_quoted|ex_tax|landed)_(usd|pct), \d+(ms|s|m|h|d)\)$/
const severity = z.enum(['info', 'warning', 'critical'])

const common = {
  schema_version: z.literal(1),
  /** true: somebody tries a channel, nothing happened */
  test: z.boolean(),
  /** there only when the prices come from a simulator */
  simulated: z.literal(true).exactOptional(),
  /** there only when texts or lists were cut to the size limit */
  truncated: z.literal(true).exactOptional(),
}

const leg = z.object({
  series: z.string(),
  price: decimal.describe('exactly as published'),
  currency: z.string(),
  unit: z.string().nullable().describe('null for a rate'),
  at: time.describe('the time that the source gives'),
  seen_at: time.describe('when Metalgap saw it'),
  tick_id: z.string(),
  venue: z.string(),
  zone: z.string(),
  tax_basis: z.enum(['inclusive', 'exclusive', 'unknown', 'none']),
})

const premium = z.object({
  unit: z.string().describe('of the amounts: USD/oz, USD/kg, ...'),
  as_quoted_usd: six,
  as_quoted_pct: six,
  ex_tax_usd: six.nullable(),
  ex_tax_pct: six.nullable(),
  landed_usd: six.nullable(),
  landed_pct: six.nullable(),
})

const exposure = z.object({
  name: z.string(),
  cost_usd: z.string().regex(/^-?\d+\.\d{2}$/),
  per: z.string(),
})

const recent = z.object({
  from: time,
  to: time,
  values: z
    .array(six.nullable())
    .describe('of the measure, in equal steps, oldest first; null: none in that step'),
})

export const breachData = z.object({
  ...common,
  breach_id: z.string(),
  sequence: z.int().min(1),
  reason: z.enum([
    'first',
    'level',
    'reminder',
    'cleared',
    'rule-changed',
    'rule-removed',
    'correction',
    'on-start',
    'test',
  ]),
  rule: z.string(),
  pair: z.string(),
  metal: z.string(),
  severity,
  measure: z
    .union([z.enum(MEASURES), z.string().regex(OVER_HISTORY)])
    .describe('as in the rule; over history: change(as_quoted_usd, 24h), percentile(...), zscore(...)'),
  direction: z.enum(['above', 'below']),
  value: six,
  raise: z.string().describe('as the operator wrote it'),
  clear: z.string().describe('as the operator wrote it'),
  unit: z.string().describe('of value, raise, clear and peak: USD/oz, USD/kg, ..., %, percentile or σ'),
  began_at: time,
  raised_at: time,
  peak: six,
  previous: z
    .object({ value: six, at: time })
    .nullable()
    .exactOptional()
    .describe('the value that was told last, of a first message the last one before it began'),
  frozen: z
    .object({ state: z.string(), leg: z.enum(['east', 'west', 'fx']).nullable(), since: time })
    .exactOptional()
    .describe('of a reminder while the pair is not comparable: why (stale, closed, ...) and since when'),
  recent: recent.nullable().exactOptional().describe('the hours before this step'),
  premium: premium.nullable().describe('null when no prices led to this step'),
  legs: z.object({ east: leg, west: leg, fx: leg.nullable() }).nullable(),
  exposures: z.array(exposure),
  evidence_url: z.url().exactOptional().describe('where people see it, if links.evidence is configured'),
})

export const feedData = z.object({
  ...common,
  feed: z.string(),
  series: z.array(z.string()),
  state: z.enum(['ok', 'late', 'failing', 'frozen', 'drifted', 'disputed', 'disabled']),
  since: time,
  last_error: z.string().nullable(),
  failures_in_row: z.int().min(0),
})

export const policyData = z.object({
  ...common,
  title: z.string(),
  date: z.iso.date(),
  days: z.int().describe('from today to the date'),
  metals: z.array(z.string()),
  source: z.string(),
})

export const channelData = z.object({
  ...common,
  channel: z.string(),
  kind: z.string(),
  since: time,
  reason: z.string(),
})

export const deliveryData = z.object({
  ...common,
  delivery_id: z.string(),
  channel: z.string(),
  what: z.string().describe('the type of the message that was not delivered'),
  about: z.object({ breach_id: z.string(), sequence: z.int() }).nullable(),
  attempts: z.int(),
  reason: z.string(),
})

export const silenceData = z.object({
  ...common,
  why: z.string().describe('how the silence ended or will, or which mute window is over'),
  silence: z
    .object({
      silence_id: z.string(),
      about: z.string().describe('which alerts: rule silver-gap, severity warning'),
      until: time,
      who: z.string(),
      reason: z.string(),
    })
    .nullable()
    .describe('null for a mute window'),
  breaches: z
    .array(
      z.object({
        breach_id: z.string(),
        rule: z.string(),
        pair: z.string(),
        metal: z.string(),
        severity,
        value: six,
        unit: z.string(),
        raised_at: time,
      }),
    )
    .describe('what is raised all the same'),
})

export type BreachData = z.infer<typeof breachData>
export type FeedData = z.infer<typeof feedData>
export type PolicyData = z.infer<typeof policyData>
export type ChannelData = z.infer<typeof channelData>
export type DeliveryData = z.infer<typeof deliveryData>
export type SilenceData = z.infer<typeof silenceData>

/** What `data` is, by the type of the message. */
export const DATA = {
  'breach.raised': breachData,
  'breach.escalated': breachData,
  'breach.eased': breachData,
  'breach.reminder': breachData,
  'breach.cleared': breachData,
  'breach.retracted': breachData,
  'breach.changed': breachData,
  'feed.failing': feedData,
  'feed.recovered': feedData,
  'policy.upcoming': policyData,
  'silence.ending': silenceData,
  'silence.ended': silenceData,
  'channel.failing': channelData,
  'channel.disabled': channelData,
  'delivery.dead': deliveryData,
  'channel.test': breachData,
} as const satisfies Record<string, z.ZodType>
