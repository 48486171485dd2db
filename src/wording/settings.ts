/** What every channel for people may say of its readers in channels.yaml. */
import { z } from 'zod'
import { isZone } from '../engine/zone.ts'
import { DATA } from '../message/data.ts'
import { exampleOf } from '../message/examples.ts'
import { wording } from '../wording.ts'
import { ANYBODY } from './reader.ts'

const TYPES = Object.keys(DATA) as (keyof typeof DATA)[]
const NOW = new Date(Date.UTC(2026, 0, 29, 7, 0, 46))

/** To be spread into the settings of a kind; every template is tried with a message of its type. */
export const readerSettings = {
  time_zone: z
    .string()
    .refine(isZone, 'not an IANA time zone such as Europe/Zurich')
    .default('UTC')
    .describe('of the readers, IANA'),
  locale: z
    .string()
    .refine(isLocale, 'not a language tag such as en, de-CH or zh-CN')
    .default('en')
    .describe('how numbers are written'),
  templates: z
    .partialRecord(z.enum(TYPES), z.string().min(1))
    .superRefine((templates, context) => {
      for (const type of TYPES) {
        if (templates[type] === undefined) continue
        const { problem } = wording(exampleOf(type, NOW), { ...ANYBODY, templates })
        if (problem) context.addIssue({ code: 'custom', path: [type], message: problem })
      }
    })
    .default({})
    .describe('own words for a type of message: its first line, and further lines in place of the facts'),
}

function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length === 1
  } catch {
    return false
  }
}
