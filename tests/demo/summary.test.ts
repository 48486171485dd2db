import { expect, test } from 'vitest'
import { summarise } from '../../src/demo/summary.ts'

const counts = { premiums: 118, raised: 1, cleared: 1, deliveries: 2, delivered: 2 }
const heard = (id: string, more = {}) => ({ id, problem: null, repeated: false, body: '{}', ...more })

test('a run in which every webhook arrived is sound, repeats or not', () => {
  const { sound, lines } = summarise(counts, [heard('a'), heard('b'), heard('b', { repeated: true })], 60)
  expect(sound).toBe(true)
  expect(lines).toContain('  webhooks    2 due, 2 received with a verified signature, 0 refused, 1 repeated')
  expect(lines).toContain('  nothing was lost')
})

test('a webhook that did not arrive is told as such', () => {
  const { sound, lines } = summarise(counts, [heard('a')], 60)
  expect(sound).toBe(false)
  expect(lines).toContain('  1 not received')
})

test('a signature that was refused is never sound', () => {
  const refused = heard('b', { problem: 'the signature does not match' })
  expect(summarise(counts, [heard('a'), heard('b'), refused], 60).sound).toBe(false)
})
