/** A message of every type, with invented prices. */
import type { Attempt, Message } from '../../src/channels/channel.ts'
import { DATA } from '../../src/message/data.ts'
import { exampleOf } from '../../src/message/examples.ts'
import { testMessage } from '../../src/message/test-message.ts'

export const NOW = new Date('2026-01-29T07:00:46.000Z')

export const ATTEMPT: Attempt = {
  webhook_id: '00000000-0000-4000-8000-000000000002',
  number: 1,
  maybe_repeated: false,
  at: NOW,
  moment: NOW,
  receipt: null,
}

/** The example breach as if it had happened. */
export function breach(type = 'breach.raised', data: Record<string, unknown> = {}): Message {
  const example = testMessage(NOW)
  return { ...example, type, data: { ...example.data, test: false, reason: 'first', ...data } }
}

export const MESSAGES: readonly Message[] = [
  ...(Object.keys(DATA) as (keyof typeof DATA)[]).map((type) => exampleOf(type, NOW)),
  breach('breach.cleared', { reason: 'rule-removed', premium: null, legs: null, exposures: [] }),
  breach('breach.raised', { simulated: true, measure: 'ex_tax_pct', unit: '%', value: '-2.654179' }),
  breach('breach.raised', { previous: null, recent: null }),
  breach('breach.acknowledged', { acknowledged: { by: 'ann', at: NOW.toISOString(), reason: null } }),
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
