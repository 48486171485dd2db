import { describe, expect, test } from 'vitest'
import discord from '../../src/channels/discord.ts'
import { ATTEMPT, breach, HOSTILE, MESSAGES, NOW, poisoned } from './samples.ts'

const SETTINGS = discord.example

interface Payload {
  content: string
  embeds: { description: string; color?: number; timestamp: string }[]
  allowed_mentions: { parse: string[] }
}

function payload(message = breach()): Payload {
  return JSON.parse(discord.render(message, SETTINGS))
}

test('the headline is the text that a phone shows, the facts are an embed', () => {
  const { content, embeds } = payload()
  expect(content).toMatch(/^\*\*WARNING silver\\: Shanghai 8.00 USD\/oz/)
  expect(embeds[0]).toMatchObject({ color: 0xf79009, timestamp: NOW.toISOString() })
  expect(embeds[0]?.description).toMatch(/^What\\: rule/)
})

describe.for(Object.entries(HOSTILE))('hostile text, %s,', ([, poison]) => {
  test('calls nobody, is no markup and keeps to the limits', () => {
    for (const message of MESSAGES) {
      const { content, embeds, allowed_mentions } = payload(poisoned(message, poison))
      const description = embeds[0]?.description ?? ''
      expect(Array.from(content).length).toBeLessThanOrEqual(2_000)
      expect(Array.from(description).length).toBeLessThanOrEqual(4_096)
      expect(Array.from(content + description).length).toBeLessThanOrEqual(6_000)
      expect(allowed_mentions).toEqual({ parse: [] })
      const unescaped = `${content.slice(2, -2)}${description}`.replace(/\\[\\*_~`|>#\-+[\]()<:@]/g, '')
      expect(unescaped).not.toMatch(/[*_~`|<@[\]]/)
    }
  })
})

test('the limit counts code points, not halves of them', () => {
  const { embeds } = payload(breach('breach.raised', { metal: '🥈'.repeat(9_000) }))
  expect(embeds[0]?.description.isWellFormed()).toBe(true)
})

test('it asks for an answer that knows whether the message stands', () => {
  const { url } = discord.request(discord.render(breach(), SETTINGS), ATTEMPT, {
    ...SETTINGS,
    url: `${SETTINGS.url}?thread_id=5`,
  })
  expect(url).toBe('https://discord.com/api/webhooks/1/invented?thread_id=5&wait=true')
})

test('the plain form has no embed', () => {
  expect(JSON.parse(discord.plain(breach(), SETTINGS))).not.toHaveProperty('embeds')
})

test.for([
  [200, '{"id":"1"}', 'delivered'],
  [204, '', 'delivered'],
  [200, '<html>', 'retry'],
  [400, '{"code":50035,"message":"Invalid Form Body"}', 'plain'],
  [401, '{"code":50027}', 'disable'],
  [404, '{"code":10015,"message":"Unknown Webhook"}', 'disable'],
  [404, '', 'retry'],
  [403, '', 'retry'],
  [500, '', 'retry'],
] as const)('status %i with %s is %s', ([status, body, is]) => {
  expect(discord.judge({ status, headers: {}, body }, NOW).is).toBe(is)
})

test('the pause in the body of a 429 is more exact than that in its header', () => {
  const headers = { 'retry-after': '2' }
  const body = '{"message":"You are being rate limited.","retry_after":1.337,"global":false}'
  expect(discord.judge({ status: 429, headers, body }, NOW)).toMatchObject({ retry_after_ms: 1_337 })
  const endless = '{"retry_after":1e9}'
  expect(discord.judge({ status: 429, headers: {}, body: endless }, NOW)).toMatchObject({
    retry_after_ms: 3_600_000,
  })
})
