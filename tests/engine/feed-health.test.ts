import { describe, expect, it } from 'vitest'
import { disputeOf } from '../../src/engine/dispute.ts'
import { follow, type Health, healthOf, type Said, type Watched } from '../../src/engine/feed-health.ts'
import type { Calendar } from '../../src/engine/model.ts'
import { publicationsDue } from '../../src/engine/publications.ts'
import { always, openCalendar } from '../../src/engine/session.ts'
import { dumpState, loadState } from '../../src/engine/state.ts'
import {
  alone,
  at,
  changesOf,
  east,
  HOUR,
  MINUTE,
  open,
  plainPair,
  SECOND,
  tell,
  told,
  west,
} from './build.ts'

const watched: Watched = {
  series: 'feed/x',
  calendar: always,
  zone: 'UTC',
  publication_lag_ms: 0,
  fixing_time: null,
  late_after: 2,
  frozen_after: 10,
  frozen_for_ms: HOUR,
}
const WELL: Health = { state: 'ok', series: [], reason: null }
const GOOD = { failures_in_row: 0, failing_after: 3, last_error: null, last_error_kind: null } as const

/** [when it is polled, the source's time, the price], null for nothing */
type Poll = [time: string, at: string, price: number] | [time: string, null]

function said(polls: readonly Poll[], differing: Partial<Watched> = {}): Said {
  let memory: Said | undefined
  for (const [time, source, price] of polls) {
    const quote = source === null ? null : { at: at(source), price: price as number }
    memory = follow({ ...watched, ...differing }, memory, quote, at(time))
  }
  return memory as Said
}

function judged(polls: readonly Poll[], differing: Partial<Watched> = {}): string {
  const memory = { 'feed/x': said(polls, differing) }
  const now = at(polls.at(-1)?.[0] ?? '')
  const { state, reason } = healthOf([{ ...watched, ...differing }], memory, GOOD, WELL, now)
  return reason === null ? state : `${state}: ${reason}`
}

/** Polls every `step` seconds from 10:00, all of which say the same. */
const same = (count: number, step = 15): Poll[] =>
  Array.from({ length: count }, (_, i) => [told(at('10:00') + i * step * SECOND), '10:00', 30])

describe('a source that stands still', () => {
  it('is frozen at the tenth poll that says the same value of the same time, however often it is asked', () => {
    expect(judged(same(9))).toBe('ok')
    expect(judged(same(10))).toBe('frozen: feed/x says 30 of 2026-01-28T10:00:00.000Z again and again')
    expect(judged(same(9, 1))).toBe('ok')
    expect(judged(same(10, 1))).toContain('frozen')
  })

  it('is well again when its value or its time moves', () => {
    expect(judged([...same(10), ['10:03', '10:03', 30]])).toBe('ok')
    expect(judged([...same(10), ['10:03', '10:03', 31]])).toBe('ok')
  })

  it('is frozen by its value alone after an hour of a session, whatever its time says', () => {
    const minutes = (count: number): Poll[] =>
      Array.from({ length: count }, (_, i) => [
        told(at('10:00') + i * MINUTE),
        told(at('10:00') + i * MINUTE),
        30,
      ])
    expect(judged(minutes(60))).toBe('ok')
    const text = 'frozen: feed/x says 30 since 2026-01-28T10:00:00.000Z, only its time moves'
    expect(judged(minutes(61))).toBe(text)
    expect(judged([...minutes(61), ['11:01', '11:01', 30]])).toBe(text)
    expect(judged([...minutes(61), ['11:01', '11:01', 31]])).toBe('ok')
    expect(judged(minutes(200), { frozen_for_ms: null })).toBe('ok')
  })

  it('is frozen by its time alone after an hour of a session, whatever its value says, until its time moves', () => {
    const stuck = (count: number, from = '10:00'): Poll[] =>
      Array.from({ length: count }, (_, i) => [told(at(from) + i * MINUTE), '10:00', 30 + (i % 7)])
    expect(judged(stuck(60))).toBe('ok')
    const text = 'frozen: feed/x says other prices of 2026-01-28T10:00:00.000Z again and again'
    expect(judged(stuck(61))).toBe(text)
    expect(judged([...stuck(61), ['11:01', '10:00', 30]])).toBe(text)
    expect(judged([...stuck(61), ['11:01', '11:01', 30]])).toBe('ok')
    expect(judged([...stuck(61), ['11:01', '11:01', 31]])).toBe('ok')
    expect(judged(stuck(200), { frozen_for_ms: null })).toBe('ok')
    const { time_since: _, ...older } = said(stuck(5))
    const next = follow(watched, older, { at: at('10:00'), price: 40 }, at('10:05'))
    expect(next.time_since, 'what an older version remembered').toBe(at('10:05'))
    expect(judged(stuck(200), { fixing_time: '10:00' })).toBe('ok')
    const calendar = open('09:00-10:40', '13:00-15:00')
    expect(judged([...stuck(40), ...stuck(60, '13:00')], { calendar })).toBe('ok')
    expect(judged([...stuck(40), ...stuck(61, '13:00'), ['15:01', '10:00', 30]], { calendar })).toBe(text)
  })

  it('counts nothing while its venue is closed, and a session anew', () => {
    const calendar = open('09:00-10:01', '13:00-15:00')
    expect(judged(same(40), { calendar })).toBe('ok')
    const nine: Poll[] = Array.from({ length: 9 }, (_, i) => [
      told(at('13:00') + i * 15 * SECOND),
      '10:00',
      30,
    ])
    expect(judged([...same(6), ...nine], { calendar })).toBe('ok')
    expect(judged([...same(6), ...nine, ['13:02:15', '10:00', 30]], { calendar })).toContain('frozen')
  })

  it('stays frozen when its venue closes: that is no recovery', () => {
    const calendar = open('09:00-10:03')
    expect(judged([...same(10), ['11:00', '10:00', 30]], { calendar })).toContain('frozen')
  })

  it('is judged on its own time line: a delayed source still says the last price of the morning', () => {
    const calendar = open('09:00-10:00:10', '13:00-15:00')
    const afternoon: Poll[] = Array.from({ length: 40 }, (_, i) => [
      told(at('13:00') + i * 20 * SECOND),
      '10:00',
      30,
    ])
    expect(judged([...same(2), ...afternoon], { calendar, publication_lag_ms: 15 * MINUTE })).toBe('ok')
  })

  it('is as it should be where it gives only a date', () => {
    expect(judged(same(100), { fixing_time: '10:00' })).toBe('ok')
  })
})

describe('a source that says nothing', () => {
  const nothing = (...times: string[]): Poll[] => times.map((time) => [time, null])

  it('is late after two polls of an open session without a price, until it has one', () => {
    const polls: Poll[] = [...same(1), ...nothing('10:01', '10:02')]
    expect(judged(polls.slice(0, 2))).toBe('ok')
    expect(judged(polls)).toBe('late: feed/x: nothing in 2 polls while its venue is open')
    expect(judged([...polls, ['10:03', '10:00', 30]])).toBe('ok')
    expect(judged([...nothing('10:00', '10:01', '10:02')])).toContain('late')
  })

  it('has a quarter of an hour after the opening, and as long as its venue is closed', () => {
    const calendar = open('09:00-12:00')
    expect(judged(nothing('07:00', '08:00', '08:59', '09:05', '09:14'), { calendar })).toBe('ok')
    expect(judged(nothing('07:00', '09:14', '09:15', '09:16'), { calendar })).toContain('late')
  })

  it('is late with a price of a date once a second trading day has gone by without one', () => {
    const calendar = openCalendar({
      ...{
        calendar: 'c',
        zone: 'UTC',
        closed: ['2026-01-30'],
        valid: { from: '2026-01-01', to: '2026-12-31' },
      },
      sessions: [{ days: 'mon-fri', open: '08:00', close: '16:00' }],
    })
    const daily = { calendar, fixing_time: '12:00', publication_lag_ms: HOUR }
    const due = publicationsDue({ ...watched, ...daily }, at('12:00'), 2)
    expect(new Date(due ?? 0).toISOString()).toBe('2026-02-02T13:00:00.000Z')
    const memory = { 'feed/x': said([['13:00', '12:00', 30]], daily) }
    const state = (time: string) => healthOf([{ ...watched, ...daily }], memory, GOOD, WELL, Date.parse(time))
    expect(state('2026-02-02T12:59:59Z')).toEqual(WELL)
    expect(state('2026-02-02T13:00:00Z').reason).toBe(
      'feed/x: nothing since 2026-01-28T12:00:00.000Z, 2 publications missed',
    )
  })

  it('is waited for on no day that is only the end of a night, and not at all once the calendar ran out', () => {
    const nights = openCalendar({
      ...{ calendar: 'c', zone: 'UTC', closed: [], valid: { from: '2026-01-01', to: '2026-02-03' } },
      sessions: [
        { days: 'mon-fri', open: '09:00', close: '15:00' },
        { days: 'mon-fri', open: '20:00', close: '02:30' },
      ],
    })
    const due = (calendar: Calendar, from: string, count: number) =>
      publicationsDue({ calendar, zone: 'UTC', publication_lag_ms: 0, fixing_time: '10:00' }, at(from), count)
    expect(due(nights, '30 10:00', 1)).toBe(Date.parse('2026-02-02T10:00:00Z'))
    expect(due(nights, '30 10:00', 9)).toBeNull()
    expect(due(always, '30 10:00', 1)).toBe(at('31 10:00'))
  })
})

describe('the health of a feed', () => {
  const failed = (failures_in_row: number, last_error_kind: 'failed' | 'not_understood' = 'failed') =>
    healthOf(
      [watched],
      {},
      { failures_in_row, failing_after: 3, last_error: 'answered 503', last_error_kind },
      { ...WELL, state: 'late' },
      0,
    )

  it('is what it was for two failures, then failing, or drifted when the page is not understood', () => {
    expect(failed(2).state).toBe('late')
    expect(failed(3)).toEqual({ state: 'failing', series: ['feed/x'], reason: 'answered 503' })
    expect(failed(3, 'not_understood').state).toBe('drifted')
  })

  it('is the worst of what its series are, and names those', () => {
    const frozen = said(same(10))
    const disputed: Said = { ...said(same(1)), disputed: 'y says 31' }
    const both = [watched, { ...watched, series: 'feed/y' }, { ...watched, series: 'feed/unpolled' }]
    const health = healthOf(both, { 'feed/x': frozen, 'feed/y': disputed }, GOOD, WELL, at('10:02'))
    expect(health).toEqual({ state: 'disputed', series: ['feed/y'], reason: 'y says 31' })
  })
})

describe('two sources of one instrument', () => {
  const word = (series: string, price: number, time = '10:00', calendar = always) => ({
    ...{ series, price, calendar },
    at: at(time),
  })
  const judge = (own: ReturnType<typeof word>, other: ReturnType<typeof word>) =>
    disputeOf(own, other, 0.02, at('10:05'))

  it('are disputed when they are further apart than allowed at one moment', () => {
    expect(judge(word('a/x', 102), word('b/x', 100))).toBeNull()
    expect(judge(word('a/x', 103), word('b/x', 100, '09:59'))).toBe(
      'a/x says 103 where b/x says 100, 60 s from it: 3.0 % apart, 2 % allowed',
    )
  })

  it('are not compared when they speak of other moments, of long ago, or while one is closed', () => {
    expect(judge(word('a/x', 103), word('b/x', 100, '09:57'))).toBeNull()
    expect(judge(word('a/x', 103, '09:00'), word('b/x', 100, '09:00'))).toBeNull()
    expect(judge(word('a/x', 103), word('b/x', 100, '10:00', open('11:00-12:00')))).toBeNull()
    expect(judge(word('a/x', 103, '10:00', open('11:00-12:00')), word('b/x', 100))).toBeNull()
  })

  it('make their leg disputed until the next tick on which they agree, also across a restart', () => {
    const spec = plainPair()
    const doubted = { ...east('10:01', 40).tick, disputed: 'a says 40 where b says 38' }
    const first = tell(spec, [east('10:00', 40), west('10:00', 30), alone(doubted)])
    const state = loadState(spec, dumpState(spec, first.state))
    const then = tell(spec, [west('10:02', 30), east('10:03', 40)], state)
    expect([...changesOf(first), ...changesOf(then)]).toEqual([
      expect.stringContaining('missing'),
      '10:00 comparable',
      '10:01 east disputed: a says 40 where b says 38',
      '10:03 comparable',
    ])
    expect(then.premiums).toHaveLength(1)
  })
})
