/**
 * PagerDuty's Events API v2. All messages of a breach share one `dedup_key`: they are one alert, which `metalgap ack` acknowledges
 * and its clear resolves. Nothing that updates an acknowledged alert wakes anybody, so one that escalates is resolved first: the
 * next trigger of its key is a new incident.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { retryAfterMs } from '../http/retry-after.ts'
import { cut } from '../text.ts'
import { VERSION } from '../version.ts'
import { closing } from '../wording/closing.ts'
import { readerSettings } from '../wording/settings.ts'
import { type Line, wording } from '../wording.ts'
import type { Answer, Message, RemoteChannel, Request, Verdict } from './channel.ts'

const SUMMARY = 1_024
const DEDUP_KEY = 255
const SOURCE = 255
const RATE_LIMIT_PAUSE_MS = 30_000

const settings = z.strictObject({
  routing_key: z.string().regex(/^\w{32}$/, 'an integration key of Events API v2 has 32 letters and digits'),
  /** accounts in the EU have another one */
  url: z.url({ protocol: /^https?$/ }).default('https://events.pagerduty.com/v2/enqueue'),
  ...readerSettings,
})

type Settings = z.infer<typeof settings>

interface Event {
  /** an acknowledgement has none */
  payload?: { summary: string; class: string; custom_details?: Record<string, string> }
  dedup_key: string
}

export default {
  regime: 'chat',
  settings,
  example: {
    routing_key: 'invented000000000000000000000000',
    url: 'https://events.pagerduty.com/v2/enqueue',
    time_zone: 'UTC',
    locale: 'en',
    templates: {},
  },
  min_gap_ms: 500,
  acknowledges: true,
  url: ({ url }) => url,
  render(message, reader) {
    if (message.type === 'breach.acknowledged')
      return JSON.stringify({ event_action: 'acknowledge', dedup_key: dedupKey(message) })
    const { lines, link } = wording(message, reader)
    const links = link === null ? {} : { links: [{ href: link, text: 'Evidence' }] }
    return JSON.stringify({ ...event(message, reader, details(lines)), ...links })
  },
  plain: (message, reader) => JSON.stringify(event(message, reader, {})),
  request(body, attempt, settings) {
    const { payload, ...written } = JSON.parse(body) as Event
    const { routing_key } = settings
    const notes = closing(attempt, settings).join(' ')
    const custom_details = { ...payload?.custom_details, ...(notes && { Note: notes }) }
    return post(settings, {
      routing_key,
      ...written,
      ...(payload && { payload: { ...payload, custom_details } }),
    })
  },
  judge,
  edit: {
    request(body, _, settings) {
      const { payload, dedup_key } = JSON.parse(body) as Event
      if (payload?.class !== 'breach.escalated') return null
      return post(settings, { routing_key: settings.routing_key, event_action: 'resolve', dedup_key })
    },
    // a resolve that is not understood keeps nobody asleep
    judge(answer, now) {
      const verdict = judge(answer, now)
      return verdict.is === 'plain' ? { is: 'gone' } : verdict
    },
  },
  accepted: { status: 202, headers: {}, body: '{"status":"success","message":"Event processed"}' },
} satisfies RemoteChannel<Settings>

function post({ url }: Settings, event: object): Request {
  const headers = { 'content-type': 'application/json', 'user-agent': `metalgap/${VERSION}` }
  return { url, headers, body: JSON.stringify(event) }
}

function event(message: Message, reader: Settings, custom_details: Record<string, string>) {
  const { type, timestamp, data } = message
  const text = (name: string) => (typeof data[name] === 'string' ? { value: data[name] } : null)
  const group = text('pair')?.value ?? text('feed')?.value ?? text('channel')?.value
  return {
    event_action: RESOLVES.has(type) ? 'resolve' : 'trigger',
    dedup_key: dedupKey(message),
    client: 'Metalgap',
    payload: {
      summary: cut(wording(message, reader).headline, SUMMARY),
      source: cut(`metalgap${group === undefined ? '' : ` ${group}`}`, SOURCE),
      severity: severity(message),
      timestamp,
      class: type,
      ...(text('metal') && { component: cut(String(data['metal']), SOURCE) }),
      custom_details,
    },
  }
}

const RESOLVES = new Set(['breach.cleared', 'breach.retracted', 'feed.recovered'])
const SEVERITIES: Record<string, string> = { critical: 'critical', warning: 'warning', info: 'info' }

function severity({ type, data }: Message): string {
  if (data['test'] === true || type === 'policy.upcoming') return 'info'
  if (type === 'channel.disabled' || type === 'delivery.dead') return 'critical'
  return SEVERITIES[String(data['severity'])] ?? 'warning'
}

/** The same for everything about one breach, feed or channel; a long one is told by its digest. */
function dedupKey({ type, timestamp, data }: Message): string {
  const named = ['breach_id', 'feed', 'delivery_id', 'channel', 'title'].find(
    (name) => data[name] !== undefined,
  )
  const about = named === undefined ? `${type} ${timestamp}` : `${named} ${data[named]}`
  const key = `metalgap ${data['test'] === true ? `test ${timestamp}` : about}`
  if (Array.from(key).length <= DEDUP_KEY) return key
  return `metalgap ${createHash('sha256').update(key).digest('hex')}`
}

/** Lines with the same label are one detail. */
function details(lines: readonly Line[]): Record<string, string> {
  const byLabel: Record<string, string> = {}
  for (const { label, text } of lines) {
    const name = label || 'Message'
    byLabel[name] = name in byLabel ? `${byLabel[name]}\n${text}` : text
  }
  return byLabel
}

function judge({ status, headers, body }: Answer, now: Date): Verdict {
  const why = `answered ${status}`
  if (status === 202) return { is: 'delivered' }
  if (status === 410 || (status === 400 && /routing[ _]key/i.test(body))) return { is: 'disable', why }
  if (status === 400 || status === 413) return { is: 'plain', why }
  const pause = retryAfterMs(headers, now) ?? (status === 429 ? RATE_LIMIT_PAUSE_MS : null)
  if (pause !== null) return { is: 'retry', why, retry_after_ms: pause }
  return { is: 'retry', why, tell_operators: status < 500 && status !== 408 }
}
