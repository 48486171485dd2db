import { expect, test } from 'vitest'
import slack from '../../src/channels/slack.ts'
import { foldedMessage } from '../../src/message/folded.ts'
import { ANYBODY } from '../../src/wording/reader.ts'
import { templateProblem, wording } from '../../src/wording.ts'
import { breach, HOSTILE, poisoned } from './samples.ts'

const told = (template: string, message = breach(), reader = ANYBODY) =>
  wording(message, { ...reader, templates: { 'breach.raised': template } })

test('one line takes the place of the first line, and the facts stay', () => {
  const { headline, lines, problem } = told('{metal} at {value} ({legs.east.price} {legs.east.currency})')
  expect(headline).toBe('silver at 8.00 (19805 CNY)')
  expect(lines.map(({ label }) => label)).toContain('Tax')
  expect(problem).toBeNull()
})

test('further lines take the place of the facts', () => {
  const { headline, lines } = told('{headline}\n\nbegan {began_at}\nsee metalgap explain {breach_id}\n')
  expect(headline).toMatch(/^WARNING silver: Shanghai/)
  expect(lines).toEqual([
    { label: '', text: 'began 2026-01-29 06:55 UTC' },
    { label: '', text: 'see metalgap explain 00000000-0000-4000-8000-000000000000' },
  ])
})

test('a test and simulated prices are marked whatever the words say', () => {
  const message = breach('breach.raised', { simulated: true })
  expect(told('sell', message).headline).toBe('SIMULATED PRICES: sell')
})

test('a fact that this message does not have brings back the built-in words, and the message says so', () => {
  const { headline, lines, problem } = told('{legs.east.price}', breach('breach.raised', { legs: null }))
  expect(headline).toMatch(/^WARNING silver/)
  expect(problem).toContain('{legs.east.price}')
  expect(lines.at(-1)).toEqual({ label: 'Template', text: `not used: ${problem}` })
})

const step = (type: string, data: Record<string, unknown> = {}) => ({
  ...{ delivery_id: type, type, breach_id: 'b1', sequence: 1 },
  message: breach(type, data),
})

test('in a message that folds several, each step has the first line of its own words', () => {
  const folded = foldedMessage([step('breach.raised'), step('breach.cleared')])
  const templates = { 'breach.raised': 'UP {metal} {value}\nand more', 'breach.cleared': 'DOWN {metal}' }
  const { headline, lines, problem } = wording(folded, { ...ANYBODY, templates })
  expect(headline).toBe('DOWN silver (steps 1, 1 in one message)')
  expect(lines[0]).toMatchObject({ label: 'raised 1', text: expect.stringMatching(/^UP silver 8\.00 \(/) })
  expect(problem).toBeNull()
})

test('words that fail for one of several steps leave that step its built-in ones, and it is said', () => {
  const folded = foldedMessage([step('breach.raised', { legs: null }), step('breach.cleared')])
  const templates = { 'breach.raised': '{legs.east.price}', 'breach.cleared': 'DOWN {metal}' }
  const { lines } = wording(folded, { ...ANYBODY, templates })
  expect(lines[0]?.text).toMatch(/^WARNING silver/)
  expect(lines[1]?.text).toMatch(/^DOWN silver/)
  expect(lines.at(-1)?.text).toMatch(/^not used: .*\{legs\.east\.price\}/)
  expect(templateProblem(folded, { templates })).toContain('{legs.east.price}')
})

test.for(Object.entries(HOSTILE))('what others wrote stays text in a template too: %s', ([, poison]) => {
  const message = poisoned(breach(), `{constructor} {metal} ${poison}`)
  const { headline, problem } = told('{metal}|{rule}', message)
  expect(problem).toBeNull()
  expect(headline).toMatch(/^\{constructor\} \{metal\}/)
  expect(headline).toMatch(/^\P{Cc}+$/u)
})

test('numbers and times are those of the readers', () => {
  const reader = { ...ANYBODY, locale: 'de-DE', time_zone: 'Asia/Tokyo' }
  const costs = breach('breach.raised', { exposures: [{ name: 'x', cost_usd: '3799307.00', per: 'year' }] })
  const { lines, when } = wording(costs, reader)
  expect(lines.find(({ label }) => label === 'Costs')?.text).toBe('x: 3.799.307,00 USD per year')
  expect(lines.find(({ label }) => label === 'Shanghai')?.text).toMatch(/^19\.805 CNY\/kg/)
  expect(when).toBe('2026-01-29 16:00 Tokyo')
  expect(told('{value}', breach(), reader).headline).toBe('8,00')
})

test.for([
  ['a field that its messages do not have', { 'breach.raised': '{vlaue}' }, '{vlaue}'],
  ['a field of another type', { 'feed.failing': '{metal}' }, '{metal}'],
  ['a type that does not exist', { 'breach.rised': 'x' }, 'breach.rised'],
  ['no words at all', { 'breach.raised': '' }, 'breach.raised'],
] as const)('refuses %s when it is configured', ([, templates, named]) => {
  const result = slack.settings.safeParse({ ...slack.example, templates })
  expect(result.success).toBe(false)
  expect(JSON.stringify(result.error?.issues)).toContain(named)
})
