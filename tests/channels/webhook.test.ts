import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import webhook from '../../src/channels/webhook.ts'
import { ATTEMPT, breach, HOSTILE, MESSAGES, NOW, poisoned } from './samples.ts'

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const SETTINGS = webhook.settings.parse({ url: 'https://hooks.example.com/x', secrets: [SECRET] })
const THIRD = { ...ATTEMPT, webhook_id: '6f9c1f52-93f5-4a55-a7f0-51a1ad2c3a11', number: 3 }

test('an attempt carries its id, its time, its number and a signature that others verify', () => {
  const at = new Date()
  const body = webhook.render(breach())
  const { headers } = webhook.request(body, { ...THIRD, at }, SETTINGS)
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': THIRD.webhook_id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'metalgap-attempt': '3',
  })
  expect(headers['user-agent']).toMatch(/^metalgap\/\d/)
  expect(headers).not.toHaveProperty('metalgap-maybe-repeated')
  expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({ type: 'breach.raised' })
})

test('the body is the message itself', () => {
  expect(JSON.parse(webhook.render(breach()))).toEqual(breach())
})

test('an attempt after an ambiguous one says so in a header and sends the same bytes', () => {
  const body = webhook.render(breach())
  const request = webhook.request(body, { ...THIRD, maybe_repeated: true }, SETTINGS)
  expect(request.headers['metalgap-maybe-repeated']).toBe('true')
  expect(request.body).toBe(body)
})

test.for([
  [200, {}, 'delivered', false],
  [204, {}, 'delivered', false],
  [301, {}, 'retry', true],
  [307, {}, 'retry', true],
  [400, {}, 'dead', false],
  [401, {}, 'retry', true],
  [403, {}, 'retry', true],
  [404, {}, 'retry', true],
  [408, {}, 'retry', false],
  [410, {}, 'disable', false],
  [413, {}, 'dead', false],
  [415, {}, 'dead', false],
  [422, {}, 'dead', false],
  [429, {}, 'retry', false],
  [500, {}, 'retry', false],
  [500, { 'webhook-delivery': 'disable' }, 'disable', false],
] as const)('status %i %o is %s', ([status, headers, is, tell_operators]) => {
  const verdict = webhook.judge({ status, headers: { ...headers }, body: '' }, NOW)
  expect(verdict.is).toBe(is)
  expect('tell_operators' in verdict && verdict.tell_operators === true).toBe(tell_operators)
})

test.for([
  ['no secret', { secrets: [] }],
  ['a short secret', { secrets: ['whsec_c2hvcnQ='] }],
  ['a header of ours', { headers: { 'Webhook-Id': 'x' } }],
  ['a header with a line break', { headers: { 'x-a': 'b\r\nx-c: d' } }],
  ['another protocol', { url: 'ftp://example.com/x' }],
] as const)('refuses %s', ([, wrong]) => {
  const settings = { url: 'https://hooks.example.com/x', secrets: [SECRET], ...wrong }
  expect(webhook.settings.safeParse(settings).success).toBe(false)
})

test('a message that is too long keeps its keys and says that it was cut', () => {
  const exposures = Array.from({ length: 400 }, (_, i) => ({
    name: `exposure ${i} ${'y'.repeat(60)}`,
    cost_usd: '1.00',
    per: 'year',
  }))
  const body = webhook.render(breach('breach.raised', { exposures, rule: 'z'.repeat(20_000) }))
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(16_384)
  expect(JSON.parse(body).data).toMatchObject({ truncated: true, metal: 'silver', exposures: { length: 50 } })
})

test.for(Object.entries(HOSTILE))('is JSON of at most 16 KiB whatever it tells: %s', ([, poison]) => {
  for (const message of MESSAGES) {
    const body = webhook.render(poisoned(message, poison))
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(16_384)
    expect(JSON.parse(body).type).toBe(message.type)
  }
})
