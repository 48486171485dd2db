import { describe, expect, test } from 'vitest'
import slack from '../../src/channels/slack.ts'
import { ATTEMPT, breach, HOSTILE, MESSAGES, NOW, poisoned } from './samples.ts'

const SETTINGS = { ...slack.example, locale: 'en' }

interface Text {
  type: string
  text: string
}
interface Payload {
  text: string
  mrkdwn: boolean
  blocks: { type: string; text?: Text; elements?: Text[] }[]
}

function payload(message = breach()): Payload {
  return JSON.parse(slack.render(message, SETTINGS))
}

test("the header alone tells the alert, the time is the reader's own", () => {
  const { blocks } = payload()
  expect(blocks[0]?.text?.text).toBe(
    'WARNING silver: Shanghai 8.00 USD/oz (10.00 %) over London, up from 4.91 - above 5.50 since 14:55 Shanghai',
  )
  expect(blocks.at(-1)?.elements?.[0]?.text).toBe(
    '<!date^1769670046^{date_short_pretty} {time}|2026-01-29 08:00 Zurich>',
  )
})

describe.for(Object.entries(HOSTILE))('hostile text, %s,', ([, poison]) => {
  test.for(MESSAGES.map((message) => [message.type, poisoned(message, poison)] as const))(
    'stays text and within the limits in %s',
    ([, message]) => {
      const { text, blocks } = payload(message)
      expect(blocks.length).toBeLessThanOrEqual(12)
      expect(Array.from(blocks[0]?.text?.text ?? '').length).toBeLessThanOrEqual(150)
      expect(Array.from(blocks[1]?.text?.text ?? '').length).toBeLessThanOrEqual(3_000)
      expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
      const markup = blocks
        .flatMap((block) => [block.text, ...(block.elements ?? [])])
        .filter((one) => one?.type === 'mrkdwn')
      for (const one of markup)
        expect(one?.text).toMatch(/^<!date\^\d+\^\{date_short_pretty\} \{time\}\|[\w :-]+>$/)
      expect(JSON.stringify(blocks)).not.toMatch(/\\u001b|\\u0000|\u202e/)
    },
  )
})

test('limits count code points: an astral header is cut between characters', () => {
  const header = payload(breach('breach.raised', { metal: '🥈'.repeat(400) })).blocks[0]?.text?.text ?? ''
  expect(Array.from(header).length).toBe(150)
  expect(header.isWellFormed()).toBe(true)
})

test('a repeated message ends in a line that says so', () => {
  const body = slack.render(breach(), SETTINGS)
  const attempt = { ...ATTEMPT, number: 2, maybe_repeated: true }
  const again = JSON.parse(slack.request(body, attempt, SETTINGS).body) as Payload
  expect(again.text).toMatch(/\(sent again: an earlier attempt may have arrived\)$/)
  expect(again.blocks.at(-1)?.elements?.[0]?.text).toMatch(/sent again/)
})

test('the plain form has the same words and no blocks', () => {
  const plain = JSON.parse(slack.plain(breach(), SETTINGS))
  expect(plain).toEqual({ text: payload().text, mrkdwn: false })
})

test.for([
  [200, 'ok', 'delivered'],
  [200, '{"ok":false,"error":"invalid_blocks"}', 'plain'],
  [200, 'something else', 'retry'],
  [400, 'invalid_payload', 'plain'],
  [400, 'invalid_blocks', 'plain'],
  [400, 'no_text', 'plain'],
  [400, 'msg_blocks_too_long', 'plain'],
  [403, 'invalid_token', 'disable'],
  [400, 'invalid_token', 'disable'],
  [403, 'action_prohibited', 'disable'],
  [404, 'channel_not_found', 'disable'],
  [404, 'no_service', 'disable'],
  [404, 'no_active_hooks', 'disable'],
  [404, 'no_team', 'disable'],
  [403, 'team_disabled', 'disable'],
  [410, 'channel_is_archived', 'disable'],
  [410, '', 'disable'],
  [429, '{"retry_after":1,"ok":false,"error":"rate_limited"}', 'retry'],
  [500, 'rollup_error', 'retry'],
  [503, '', 'retry'],
  [302, '', 'retry'],
] as const)('status %i with %s is %s', ([status, body, is]) => {
  expect(slack.judge({ status, headers: {}, body }, NOW).is).toBe(is)
})

test('a time zone that does not exist is a mistake in the configuration', () => {
  expect(slack.settings.safeParse({ ...SETTINGS, time_zone: 'Europe/Zuerich' }).success).toBe(false)
})
