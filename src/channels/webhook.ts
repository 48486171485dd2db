/** A signed POST of the message as it is, by the Standard Webhooks specification. */
import { z } from 'zod'
import { retryAfterMs } from '../http/retry-after.ts'
import { fitted } from '../message/fitted.ts'
import { secretProblem, sign } from '../signature.ts'
import { VERSION } from '../version.ts'
import type { Answer, RemoteChannel, Verdict } from './channel.ts'

const MAX_BYTES = 16 * 1024
const RATE_LIMIT_PAUSE_MS = 5_000
const OURS =
  /^(webhook-.*|metalgap-.*|content-.*|host|connection|transfer-encoding|user-agent|accept-encoding|expect|keep-alive|te|trailer|upgrade)$/i

const secret = z.string().superRefine((text, context) => {
  const message = secretProblem(text)
  if (message) context.addIssue({ code: 'custom', message })
})

const header = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'not a header name')
  .refine((name) => !OURS.test(name), 'this header is set by metalgap itself')

const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** newest first: all of them sign, so that a receiver can change over */
  secrets: z.array(secret).min(1),
  headers: z
    .record(header, z.string().regex(/^[\x20-\x7e]*$/, 'a header value must be printable ASCII'))
    .default({}),
})

type Settings = z.infer<typeof settings>

export default {
  regime: 'webhook',
  settings,
  example: {
    url: 'https://hooks.example.com/metals',
    secrets: ['whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='],
    headers: { authorization: 'Bearer invented-token' },
  },
  min_gap_ms: 0,
  url: ({ url }) => url,
  render: (message) => fitted(message, MAX_BYTES),
  request(body, attempt, { url, secrets, headers }) {
    const seconds = Math.floor(attempt.at.getTime() / 1000)
    return {
      url,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'user-agent': `metalgap/${VERSION}`,
        'webhook-id': attempt.webhook_id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': sign(secrets, attempt.webhook_id, seconds, body),
        'metalgap-attempt': String(attempt.number),
        ...(attempt.maybe_repeated && { 'metalgap-maybe-repeated': 'true' }),
      },
      body,
    }
  },
  judge,
  accepted: { status: 204, headers: {}, body: '' },
} satisfies RemoteChannel<Settings>

/** What the answer means; of what somebody can mend the operators hear at once. */
function judge({ status, headers }: Answer, now: Date): Verdict {
  const why = `answered ${status}`
  if (headers['webhook-delivery']?.trim().toLowerCase() === 'disable')
    return { is: 'disable', why: `${why} and asked for no more` }
  if (status >= 200 && status < 300) return { is: 'delivered' }
  if (status === 410) return { is: 'disable', why: `${why} (gone)` }
  if ([400, 413, 415, 422].includes(status)) return { is: 'dead', why }
  if (status === 401 || status === 403 || status === 404 || (status >= 300 && status < 400)) {
    return {
      is: 'retry',
      why: status < 400 ? `${why}: redirects are not followed` : why,
      tell_operators: true,
    }
  }
  const pause = retryAfterMs(headers, now) ?? (status === 429 ? RATE_LIMIT_PAUSE_MS : null)
  return { is: 'retry', why, ...(pause !== null && { retry_after_ms: pause }) }
}
