import { z } from 'zod'
import { DAY_MS } from '../../engine/zone.ts'
import { duration } from './words.ts'

const MINUTE_MS = 60_000
const KINDS = ['change', 'percentile', 'zscore'] as const
const bases = ['as_quoted', 'ex_tax', 'landed'] as const
const plain = z.enum(bases.flatMap((word) => [`${word}_usd`, `${word}_pct`] as const))

const overHistory = z
  .strictObject({
    change: plain.exactOptional().describe('the value less the one before the window'),
    percentile: plain.exactOptional().describe('percent of the values in the window at or below'),
    zscore: plain.exactOptional().describe('standard deviations from the mean of the window'),
    over: duration
      .refine((ms) => ms >= MINUTE_MS && ms <= 3650 * DAY_MS, 'expected a window from 1m to 3650d')
      .describe('how long the window is'),
  })
  .refine((written) => KINDS.some((kind) => written[kind] !== undefined), {
    path: ['over'],
    error: `expected one of ${KINDS.join(', ')} beside it`,
    // a misspelt one has been told already
    when: ({ issues }) => issues.length === 0,
  })
  .superRefine((written, { addIssue }) => {
    const [first, second] = KINDS.filter((kind) => written[kind] !== undefined)
    if (second === undefined) return
    addIssue({ code: 'custom', path: [second], message: `expected ${first} alone, one measure a rule` })
  })

/** A measure of the newest premium, or of how it stands in the history of its pair. */
export const measure = z.union([plain, overHistory])
