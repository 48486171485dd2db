import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Log } from '../../src/log.ts'
import { type Outage, openOutage } from '../../workers/outage.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const SECOND = 1_000
const FULL = new Error('the disk is full')

/** A queue that answers while `isThere`, and what was logged of it. */
function openQueue() {
  const lines: string[] = []
  const log = { error: (line: string) => lines.push(line), info: (line: string) => lines.push(line) }
  const queue = { isThere: true, lines }
  const restore = async () => {
    if (!queue.isThere) throw FULL
  }
  return Object.assign(queue, { outage: openOutage(log as unknown as Log, 'the queue', restore) })
}

async function failEverySecond(outage: Outage, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    outage.report(FULL)
    await vi.advanceTimersByTimeAsync(SECOND)
  }
}

const AWAY = 'the queue does not work: the disk is full; asking every second until it does'
const BACK = 'the queue works again'

test('what is away is told once, and once that it is back', async () => {
  const queue = openQueue()
  queue.isThere = false
  await failEverySecond(queue.outage, 200)
  expect(queue.outage.reason()).toBe('the disk is full')
  queue.isThere = true
  await vi.advanceTimersByTimeAsync(SECOND)
  expect(queue.lines).toEqual([AWAY, BACK])
  expect(queue.outage.reason()).toBe(null)
})

test('what fails and works every second is told once a minute', async () => {
  const queue = openQueue()
  await failEverySecond(queue.outage, 150)
  expect(queue.lines).toEqual([AWAY, BACK, AWAY, BACK, AWAY, BACK])
})

test('a second outage soon after the first is told when it lasts', async () => {
  const queue = openQueue()
  await failEverySecond(queue.outage, 1)
  queue.isThere = false
  await failEverySecond(queue.outage, 58)
  expect(queue.lines).toEqual([AWAY, BACK])
  await failEverySecond(queue.outage, 3)
  expect(queue.lines).toEqual([AWAY, BACK, AWAY])
})

test('who has ended asks and tells nothing more', async () => {
  const queue = openQueue()
  queue.isThere = false
  queue.outage.report(FULL)
  queue.outage[Symbol.dispose]()
  await vi.advanceTimersByTimeAsync(300 * SECOND)
  queue.outage.report(FULL)
  expect(queue.lines).toEqual([AWAY])
  expect(vi.getTimerCount()).toBe(0)
})
