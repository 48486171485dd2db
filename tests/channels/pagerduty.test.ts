import { describe, expect, test } from 'vitest'
import pagerduty from '../../src/channels/pagerduty.ts'
import { ATTEMPT, breach, HOSTILE, MESSAGES, NOW, poisoned } from './samples.ts'

const SETTINGS = pagerduty.example
const event = (message = breach()) => JSON.parse(pagerduty.render(message, SETTINGS))

test('a breach is one alert from its first message to its clear', () => {
  const steps = ['raised', 'escalated', 'eased', 'reminder', 'changed', 'cleared', 'retracted'].map((kind) =>
    event(breach(`breach.${kind}`)),
  )
  expect(new Set(steps.map(({ dedup_key }) => dedup_key)).size).toBe(1)
  const trigger = 'trigger'
  const actions = [trigger, trigger, trigger, trigger, trigger, 'resolve', 'resolve']
  expect(steps.map(({ event_action }) => event_action)).toEqual(actions)
})

test('what is acknowledged is that alert, without anything that would change it', () => {
  const { dedup_key } = event()
  const body = pagerduty.render(breach('breach.acknowledged'), SETTINGS)
  expect(JSON.parse(pagerduty.request(body, { ...ATTEMPT, maybe_repeated: true }, SETTINGS).body)).toEqual({
    routing_key: SETTINGS.routing_key,
    event_action: 'acknowledge',
    dedup_key,
  })
})

test('a feed that recovers resolves its alert, and other news have alerts of their own', () => {
  const of = (type: string) => event(MESSAGES.find((message) => message.type === type))
  expect(of('feed.recovered')).toMatchObject({
    event_action: 'resolve',
    dedup_key: of('feed.failing').dedup_key,
  })
  const keys = ['feed.failing', 'policy.upcoming', 'channel.disabled', 'delivery.dead', 'channel.test']
  expect(new Set(keys.map((type) => of(type).dedup_key)).size).toBe(keys.length)
})

test.for([
  [breach('breach.raised', { severity: 'critical' }), 'critical'],
  [breach(), 'warning'],
  [breach('breach.raised', { severity: 'info' }), 'info'],
  [breach('channel.test', { test: true, severity: 'critical' }), 'info'],
] as const)('severity: %#', ([message, severity]) => {
  expect(event(message).payload.severity).toBe(severity)
})

test('the key is put in when it is sent and stands nowhere in what is stored', () => {
  const body = pagerduty.render(breach(), SETTINGS)
  expect(body).not.toContain(SETTINGS.routing_key)
  expect(JSON.parse(pagerduty.request(body, ATTEMPT, SETTINGS).body).routing_key).toBe(SETTINGS.routing_key)
})

describe.for(Object.entries(HOSTILE))('hostile text, %s,', ([, poison]) => {
  test('keeps to the limits', () => {
    for (const message of MESSAGES) {
      const { dedup_key, payload = { summary: '', source: '' } } = event(poisoned(message, poison))
      expect(Array.from(dedup_key as string).length).toBeLessThanOrEqual(255)
      expect(Array.from(payload.summary as string).length).toBeLessThanOrEqual(1_024)
      expect(Array.from(payload.source as string).length).toBeLessThanOrEqual(255)
    }
  })
})

test.for([
  [202, '', 'delivered'],
  [200, '', 'retry'],
  [
    400,
    '{"message":"Event object is invalid","errors":["Length of \'routing_key\' is incorrect"]}',
    'disable',
  ],
  [400, '{"message":"Event object is invalid"}', 'plain'],
  [413, '', 'plain'],
  [403, '', 'retry'],
  [429, '', 'retry'],
  [500, '', 'retry'],
] as const)('status %i with %s is %s', ([status, body, is]) => {
  expect(pagerduty.judge({ status, headers: {}, body }, NOW).is).toBe(is)
})
