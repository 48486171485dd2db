/** What every kind of channel must do, whoever wrote it: the folder is the list. */
import { describe, expect, test } from 'vitest'
import type { RemoteChannel } from '../../src/channels/channel.ts'
import { loadChannels } from '../../src/shelf.ts'
import { ATTEMPT, breach, HOSTILE, MESSAGES, NOW, poisoned } from './samples.ts'

const STATUSES = [
  200, 201, 204, 301, 302, 307, 400, 401, 403, 404, 408, 410, 413, 415, 418, 422, 429, 500, 502, 503, 504,
  599,
]

const kinds = Object.entries(await loadChannels())
const remote = kinds.filter((entry): entry is [string, RemoteChannel] => entry[1].regime !== 'local')

describe.for(kinds)('%s', ([, channel]) => {
  test('its own example is a valid configuration, and a key that nobody knows is not', () => {
    expect(channel.settings.parse(channel.example)).toEqual(channel.example)
    expect(channel.settings.safeParse({ ...channel.example, colour: 'red' }).success).toBe(false)
  })

  test.for(MESSAGES.map((message) => [message.type, message] as const))(
    'renders %s, twice the same',
    ([, message]) => {
      const body = channel.render(message, channel.example)
      expect(body).not.toBe('')
      expect(body.isWellFormed()).toBe(true)
      expect(channel.render(message, channel.example)).toBe(body)
    },
  )

  test("shows the link to the evidence, and a channel for people does so beside operators' own words", () => {
    const url = 'https://grafana.example.com/d/gap?breach=1'
    const settings = {
      ...channel.example,
      templates: { 'breach.raised': 'Look at {metal}\nand nothing else' },
    }
    const own = channel.settings.safeParse(settings).success ? settings : channel.example
    expect(channel.render(breach('breach.raised', { evidence_url: url }), own)).toContain(url)
    expect(channel.render(breach('breach.raised'), own)).not.toContain('grafana')
  })

  test.for(Object.entries(HOSTILE))(
    'renders hostile text as less than 10,000 characters or 16 KiB: %s',
    ([, poison]) => {
      for (const message of MESSAGES) {
        const body = channel.render(poisoned(message, poison), channel.example)
        expect(
          Math.min(Array.from(body).length / 10_000, Buffer.byteLength(body) / 16_384),
        ).toBeLessThanOrEqual(1)
        expect(body.isWellFormed()).toBe(true)
      }
    },
  )

  test('a message of a later version is told as it stands', () => {
    const later = {
      type: 'breach.imagined',
      timestamp: NOW.toISOString(),
      data: { schema_version: 9, news: 'all is different' },
    }
    expect(channel.render(later, channel.example)).toContain('all is different')
  })

  test('never renders a secret', () => {
    for (const message of MESSAGES) {
      const body = channel.render(message, channel.example)
      for (const secret of secretsOf(channel.example)) expect(body).not.toContain(secret)
    }
  })

  test('never prints a secret in a complaint about its settings', () => {
    for (const key of Object.keys(channel.example)) {
      const wrong = { ...channel.example, [key]: [{ secret: 'hunter2-hunter2' }, 'hunter2-hunter2'] }
      const complaint = channel.settings.safeParse(wrong).error?.message ?? ''
      expect(complaint).not.toContain('hunter2')
    }
  })
})

describe.for(remote)('%s', ([, channel]) => {
  test.for(STATUSES)('has a verdict for status %i, whatever the body says', (status) => {
    for (const body of ['', 'ok', 'no', '{"ok":false,"error":"x"}', '{', '<html>', '\u0000'.repeat(20_000)]) {
      const verdict = channel.judge({ status, headers: {}, body }, NOW)
      if (status < 200 || status > 299) expect(verdict.is).not.toBe('delivered')
      if ('why' in verdict) expect(verdict.why.length).toBeLessThan(200)
    }
  })

  test('knows an answer of a destination that took the message', () => {
    expect(channel.judge(channel.accepted, NOW).is).toBe('delivered')
  })

  test('a message that comes late says when its moment was', () => {
    const body = channel.render(MESSAGES[0] as (typeof MESSAGES)[0], channel.example)
    const at = new Date(NOW.getTime() + 40 * 60_000)
    const late = JSON.stringify(channel.request(body, { ...ATTEMPT, at }, channel.example))
    if (channel.regime === 'webhook') expect(late).toContain(NOW.toISOString())
    else expect(late).toMatch(/late: this was at 2026-01-29 \d\d:00 \w+, 40 min ago/)
  })

  test.for([
    ['7', 7_000],
    ['86400', 3_600_000],
    ['Thu, 29 Jan 2026 07:02:46 GMT', 120_000],
  ] as const)('pauses as long as 429 asks, one hour at most: %s', ([asked, expected]) => {
    const verdict = channel.judge({ status: 429, headers: { 'retry-after': asked }, body: '' }, NOW)
    expect(verdict).toMatchObject({ is: 'retry', retry_after_ms: expected })
  })

  test('sends the stable body at a first attempt, and says so when it repeats itself', () => {
    const body = channel.render(MESSAGES[0] as (typeof MESSAGES)[0], channel.example)
    const first = channel.request(body, ATTEMPT, channel.example)
    const again = channel.request(body, { ...ATTEMPT, number: 2, maybe_repeated: true }, channel.example)
    expect(JSON.parse(first.body)).toMatchObject(JSON.parse(body))
    expect(channel.request(body, ATTEMPT, channel.example)).toEqual(first)
    expect(first.url.split('?')[0]).toBe(channel.url(channel.example))
    expect(JSON.stringify(again)).toMatch(/maybe-repeated|sent again/)
  })
})

function secretsOf(settings: object): string[] {
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value
        ? Object.values(value).flatMap(texts)
        : []
  return texts(settings).filter((text) => /whsec_|invented|Bearer/.test(text))
}
