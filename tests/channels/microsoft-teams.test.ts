import { describe, expect, test } from 'vitest'
import teams from '../../src/channels/microsoft-teams.ts'
import { breach, HOSTILE, MESSAGES, NOW, poisoned } from './samples.ts'

const SETTINGS = teams.example

interface Block {
  type: string
  inlines: { type: string; text: string }[]
}

const bodyOf = (json: string): Block[] => JSON.parse(json).attachments[0].content.body
const textOf = ({ inlines }: Block) => inlines.map(({ text }) => text).join('')

test('the card begins with the headline and ends with the moment in the time of the readers', () => {
  const texts = bodyOf(teams.render(breach(), SETTINGS)).map(textOf)
  expect(texts[0]).toMatch(/^WARNING silver: Shanghai 8.00 USD\/oz/)
  expect(texts.at(-1)).toBe('When: 2026-01-29 08:00 Zurich')
})

describe.for(Object.entries(HOSTILE))('hostile text, %s,', ([, poison]) => {
  test('is under 20 KB as Teams counts it, and nothing in it is read as Markdown', () => {
    for (const message of MESSAGES) {
      const json = teams.render(poisoned(message, poison), SETTINGS)
      expect(json.replace(/[^\x20-\x7e]/g, '\\u0000').length).toBeLessThanOrEqual(20_000)
      const blocks = bodyOf(json)
      expect(new Set(blocks.map(({ type }) => type))).toEqual(new Set(['RichTextBlock']))
      expect(blocks.every(({ inlines }) => inlines.every(({ type }) => type === 'TextRun'))).toBe(true)
      expect(textOf(blocks[0] as Block)).not.toBe('')
    }
  })
})

test('202 is accepted, and the receipt says that nobody confirmed it', () => {
  expect(teams.judge(teams.accepted, NOW)).toEqual({ is: 'delivered', receipt: 'accepted, unconfirmed' })
})

test.for([
  [200, '1', 'delivered'],
  [
    200,
    'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429',
    'retry',
  ],
  [400, '{"error":{"code":"TriggerInputSchemaMismatch"}}', 'plain'],
  [400, '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}', 'disable'],
  [404, '{"error":{"code":"WorkflowNotFound"}}', 'disable'],
  [413, '', 'plain'],
  [401, '', 'retry'],
  [429, '', 'retry'],
  [502, '', 'retry'],
] as const)('status %i with %s is %s', ([status, body, is]) => {
  expect(teams.judge({ status, headers: {}, body }, NOW).is).toBe(is)
})
