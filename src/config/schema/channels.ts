import { z } from 'zod'
import { mute } from './mute.ts'
import { duration, name, severity, text } from './words.ts'

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

const heartbeat = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('asked with GET; what it answers besides 2xx is logged'),
  every: duration
    .default(60_000)
    .refine((ms) => ms >= 10_000 && ms <= 86_400_000, 'expected at least 10s and at most 1d'),
})

const LINK_FIELDS = ['breach_id', 'rule', 'pair', 'metal']

const evidence = z
  .string()
  .max(1_000)
  .superRefine((link, context) => {
    const unknown = [...link.matchAll(/\{([^{}]*)\}/g)].find(([, field = '']) => !LINK_FIELDS.includes(field))
    const message = unknown
      ? `${unknown[0]} stands for nothing; expected {${LINK_FIELDS.join('}, {')}}`
      : 'expected an https:// or http:// address'
    if (unknown || !z.url({ protocol: /^https?$/ }).safeParse(link.replace(/[{}]/g, '')).success)
      context.addIssue({ code: 'custom', message })
  })
  .describe('where people see a breach, e.g. https://grafana.example.com/d/gap?var-breach={breach_id}')

/** config/channels.yaml; what else a channel may say is its kind's own business. */
export const channelsFile = z.strictObject({
  channels: z
    .record(name, z.looseObject({ kind: text.describe('a file of src/channels'), mute }))
    .default({}),
  operators: z
    .array(z.string())
    .default([])
    .describe('channels that hear of feeds, policy dates and dead deliveries'),
  routes: z
    .array(route)
    .default([])
    .describe('who hears of alerts beside those whom the rules notify; all that match apply'),
  links: z.strictObject({ evidence: evidence.exactOptional() }).default({}),
  heartbeat: heartbeat
    .nullable()
    .default(null)
    .describe('a sign of life to a service that raises the alarm when it stops'),
})
