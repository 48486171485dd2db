import { expect, test } from 'vitest'
import { ourDelay, retryDelay } from '../../src/engine/schedule.ts'

const SECOND = 1_000
const MINUTE = 60_000
const HOUR = 3_600_000
const attempts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

test('a webhook is tried ten times within four days, a chat ten times within 64 minutes, then no more', () => {
  const webhook = attempts.map((n) => retryDelay('webhook', n, 0.5))
  const chat = attempts.map((n) => retryDelay('chat', n, 0.5))
  expect(webhook).toEqual([
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    ...[2, 5, 10, 14, 20, 24].map((h) => h * HOUR),
    null,
  ])
  expect(chat).toEqual([
    ...[5, 15, 30].map((s) => s * SECOND),
    ...[1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
    null,
  ])
})

test('a wait is spread over 10 % to either side', () => {
  expect(retryDelay('chat', 1, 0)).toBe(4_500)
  expect(retryDelay('chat', 1, 0.999999)).toBe(5_500)
})

test('a fault of our own is tried again for ever, every five minutes at the slowest', () => {
  expect([1, 2, 3].map((n) => ourDelay(n, 0.5))).toEqual([5 * SECOND, 10 * SECOND, 20 * SECOND])
  expect([50, 5_000].map((n) => ourDelay(n, 0.5))).toEqual([5 * MINUTE, 5 * MINUTE])
})
