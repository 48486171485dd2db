import { expect, test } from 'vitest'
import { retryAfterMs } from '../../src/http/retry-after.ts'

const NOW = new Date('2026-01-29T07:00:46Z')

test.for([
  ['7', 7_000],
  ['99999999999999999999', 3_600_000],
  ['Thu, 29 Jan 2026 07:02:46 GMT', 120_000],
  ['2026-01-29T07:02:46Z', 120_000],
  ['Thu, 29 Jan 2026 06:00:00 GMT', 0],
  ['Thu Jan 29 07:02:46 2026', null],
  ['-5', null],
  ['7.5', null],
  ['in May 2030', null],
  ['', null],
] as const)('Retry-After: "%s" asks for %s ms', ([text, expected]) => {
  expect(retryAfterMs({ 'retry-after': text }, NOW)).toBe(expected)
})

test('an answer without the header asks for nothing', () => {
  expect(retryAfterMs({}, NOW)).toBeNull()
})
