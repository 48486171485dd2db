import { expect, test } from 'vitest'
import { lastSlot, lateAfter, missedSlots, type Scheduled, slotsBetween } from '../../src/slots.ts'

const SHANGHAI: Scheduled = { feed: 'x', schedule: '*/20 9 * * mon-fri', zone: 'Asia/Shanghai' }
const SECONDS: Scheduled = { feed: 'y', schedule: '*/5 * * * * *', zone: 'UTC' }
const BERLIN: Scheduled = { feed: 'z', schedule: '30 2 * * *', zone: 'Europe/Berlin' }

const at = (text: string) => new Date(text)
const between = (feed: Scheduled, from: string, to: string) =>
  [...slotsBetween(feed, at(from), at(to))].map(({ slot }) => slot.toISOString())

test('a span holds the slot at its beginning and not the one at its end', () => {
  expect(between(SHANGHAI, '2026-03-02T01:00:00Z', '2026-03-02T01:40:00Z')).toEqual([
    '2026-03-02T01:00:00.000Z',
    '2026-03-02T01:20:00.000Z',
  ])
  expect(between(SHANGHAI, '2026-03-02T01:00:01Z', '2026-03-02T01:20:00Z')).toEqual([])
})

test('days are those of the zone: Saturday in Shanghai has none', () => {
  expect(between(SHANGHAI, '2026-03-06T16:00:00Z', '2026-03-08T16:00:00Z')).toEqual([])
})

test('the hour that a zone leaves out, and the one that it has twice, give one slot a day', () => {
  expect(between(BERLIN, '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toHaveLength(2)
  expect(between(BERLIN, '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toHaveLength(2)
})

test('the last slot is the one of this very second, whatever the milliseconds', () => {
  expect(lastSlot(SECONDS, at('2026-03-02T00:00:05.999Z')).slot).toEqual(at('2026-03-02T00:00:05Z'))
  expect(lastSlot(SECONDS, at('2026-03-02T00:00:09.999Z')).slot).toEqual(at('2026-03-02T00:00:05Z'))
  expect(lastSlot(SHANGHAI, at('2026-03-02T00:00:00Z')).slot).toEqual(at('2026-02-27T01:40:00Z'))
})

test('after an absence each feed has one missed slot, unless it was served', () => {
  const now = at('2026-03-02T12:00:02Z')
  const polled = new Map([['x', at('2026-03-02T01:40:00Z')]])
  expect(missedSlots([SHANGHAI, SECONDS], polled, now)).toEqual([
    { feed: 'y', slot: at('2026-03-02T12:00:00Z') },
  ])
  expect(missedSlots([SHANGHAI], new Map(), now)).toHaveLength(1)
})

test('a feed is late half a minute after the slots that it may miss', () => {
  expect(lateAfter(SHANGHAI, at('2026-03-06T01:20:00Z'), 2)).toEqual(at('2026-03-09T01:00:30Z'))
})
