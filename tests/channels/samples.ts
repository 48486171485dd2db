/** A message of every type, with invented prices. */
import type { Attempt, Message } from '../../src/channels/channel.ts'
import { testMessage } from '../../src/message/example.ts'
import { channelMessage, deadMessage, feedMessage, policyMessage } from '../../src/message/notices.ts'

export const NOW = new Date('2026-01-29T07:00:46.000Z')

export const ATTEMPT: Attempt = {
  webhook_id: '00000000-0000-4000-8000-000000000002',
  number: 1,
  maybe_repeated: false,
  at: NOW,
  moment: NOW,
  receipt: null,
}

const BREACHES = [
  'breach.raised',
  'breach.escalated',
  'breach.eased',
  'breach.reminder',
  'breach.cleared',
  'breach.retracted',
  'breach.changed',
]

/** The example breach as if it had happened. */
export function breach(type = 'breach.raised', data: Record<string, unknown> = {}): Message {
  const example = testMessage(NOW)
  return { ...example, type, data: { ...example.data, test: false, reason: 'first', ...data } }
}

const failing = {
  feed: 'example',
  series: ['example/east', 'example/west'],
  state: 'failing' as const,
  since: '2026-01-29T06:00:00.000Z',
  last_error: 'example.com answered 503',
  failures_in_row: 3,
}

const channel = {
  channel: 'risk',
  kind: 'webhook',
  since: NOW.toISOString(),
  reason: 'example.com answered 410 (gone)',
}

export const MESSAGES: readonly Message[] = [
  ...BREACHES.map((type) => breach(type)),
  breach('breach.cleared', { reason: 'rule-removed', premium: null, legs: null, exposures: [] }),
  breach('breach.raised', { simulated: true, measure: 'ex_tax_pct', unit: '%', value: '-2.654179' }),
  testMessage(NOW),
  feedMessage('feed.failing', NOW, failing),
  feedMessage('feed.recovered', NOW, { ...failing, state: 'ok', last_error: null, failures_in_row: 0 }),
  policyMessage(NOW, {
    title: 'An invented suspension ends',
    date: '2026-02-05',
    days: 7,
    metals: ['silver', 'antimony'],
    source: 'https://example.com/notice',
  }),
  channelMessage('channel.failing', NOW, channel),
  channelMessage('channel.disabled', NOW, channel),
  deadMessage(NOW, {
    delivery_id: '00000000-0000-4000-8000-000000000001',
    channel: 'risk',
    what: 'breach.raised',
    about: { breach_id: '00000000-0000-4000-8000-000000000000', sequence: 1 },
    attempts: 10,
    reason: 'example.com answered 500',
  }),
]

export const HOSTILE: Record<string, string> = {
  markup: '& < > <!channel> <@U1> *bold* _it_ `code` ~no~ &amp;',
  long: 'x'.repeat(5_000),
  'long and astral': '🥈'.repeat(5_000),
  'right to left': '\u202eabc\u202c מחיר الكسف \u2066x\u2069',
  lines: 'one\ntwo\r\nthree\u2028four\u0000\u001b[31mred\u0007',
  'half a pair': 'broken \ud83e silver',
}

/** Every text of the data replaced, where the type lets anybody write it. */
export function poisoned(message: Message, poison: string): Message {
  const free = [
    'rule',
    'pair',
    'metal',
    'feed',
    'last_error',
    'title',
    'source',
    'channel',
    'reason',
    'what',
    'venue',
    'name',
    'per',
    'series',
  ]
  const spoil = (value: unknown, key: string): unknown => {
    if (typeof value === 'string')
      return free.includes(key) && !(key === 'reason' && 'rule' in message.data) ? poison : value
    if (Array.isArray(value)) return value.map((one) => spoil(one, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spoil(inner, name)]))
  }
  return { ...message, data: spoil(message.data, '') as Record<string, unknown> }
}
