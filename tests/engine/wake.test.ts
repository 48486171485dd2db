import { describe, expect, it } from 'vitest'
import { nextClock } from '../../src/engine/engine.ts'
import type { Event } from '../../src/engine/model.ts'
import type { RuleSpec } from '../../src/engine/spec.ts'
import { at, east, gaps, HOUR, MINUTE, open, plainPair, rule, tell, told, transitionsOf } from './build.ts'

const AGES = { east: [{ max_age_ms: 10 * MINUTE }], west: [{ max_age_ms: 10 * HOUR }] }
const pairWith = (...rules: RuleSpec[]) => plainPair({ rules, max_skew_ms: 24 * HOUR }, AGES)
const clock = (...times: string[]): Event[] => times.map((time) => ({ is: 'clock', at: at(time) }))
const AT_ONCE = { levels: [{ for_ms: 0, clear_for_ms: 0 }] }

describe('reminders', () => {
  const reminding = rule({ ...AT_ONCE, remind_ms: HOUR })
  it('count from when the breach was last told, on the clock, frozen or not', () => {
    const { transitions } = tell(pairWith(reminding), [
      ...gaps('10:00', 6),
      ...clock('10:59', '11:00', '12:00'),
    ])
    expect(transitionsOf({ transitions })).toEqual([
      '10:00 raised 6 warning',
      '11:00 reminder 6 warning',
      '12:00 reminder 6 warning',
    ])
    expect(transitions.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
  })
  it('come once after a long absence, at the last time they were due', () => {
    const { transitions } = tell(pairWith(reminding), [...gaps('10:00', 6), ...clock('13:30')])
    expect(transitionsOf({ transitions }).slice(1)).toEqual(['13:00 reminder 6 warning'])
  })
  it('tell the value that was observed last, with its premium', () => {
    const { transitions } = tell(pairWith(reminding), [...gaps('10:00', 6, 8), ...clock('11:00')])
    expect(transitions.at(-1)).toMatchObject({ kind: 'reminder', value: 8, premium: { as_quoted_usd: 8 } })
  })
  it('say since when nothing could be compared, and why; not where something can', () => {
    const { transitions } = tell(pairWith(reminding), [
      ...gaps('10:00', 6),
      ...clock('11:00'),
      east('11:59', 107),
      ...clock('12:00'),
    ])
    expect(transitions.slice(1).map(({ frozen }) => frozen)).toEqual([
      { cause: 'stale east', since: at('10:10') },
      undefined,
    ])
  })
  it('end with the breach', () => {
    const { transitions, state } = tell(pairWith(reminding), [
      ...gaps('10:00', 6, 1),
      ...clock('11:00', '12:00'),
    ])
    expect(transitions.map(({ kind }) => kind)).toEqual(['raised', 'cleared'])
    expect(state.wake_at).toBe(Number.POSITIVE_INFINITY)
  })
  it('are what the engine asks to be told the time for', () => {
    const { state } = tell(pairWith(reminding), [...gaps('10:00', 6), ...clock('10:30')])
    expect(told(nextClock(state) as number)).toBe('11:00')
  })
  it('start anew when the breach escalates', () => {
    const levels = [{ for_ms: 0 }, { for_ms: 0, raise: 9, clear: 7, severity: 'critical' as const }]
    const story = [...gaps('10:00', 6), east('10:30', 110), ...clock('11:00', '11:30')]
    const { transitions } = tell(pairWith(rule({ levels, remind_ms: HOUR })), story)
    expect(transitions.map(({ kind, time }) => `${told(time)} ${kind}`)).toEqual([
      '10:00 raised',
      '10:30 escalated',
      '11:30 reminder',
    ])
  })
})

describe('a breach that nobody can observe', () => {
  const patient = rule({ ...AT_ONCE, max_gap_ms: HOUR })
  const since = (events: Event[]) =>
    tell(pairWith(patient), events).state.rules['silver-gap']?.breach?.unobserved_since

  it('is unobserved from the instant at which the pair ceased to be comparable, once that lasts longer than max_gap', () => {
    expect(since([...gaps('10:00', 6), ...clock('11:10')])).toBeNull()
    expect(since([...gaps('10:00', 6), ...clock('11:10', '11:11')])).toBe(at('10:10'))
  })
  it.each([106, 105.2])(
    'is observed again with the next observation, and was raised all the time: %d',
    (price) => {
      const events = [...gaps('10:00', 6), ...clock('12:00'), east('12:30', price)]
      expect(since(events)).toBeNull()
      expect(tell(pairWith(patient), events).transitions).toHaveLength(1)
    },
  )
  it('is unobserved too where the spell was over before anybody told the time', () => {
    const legs = {
      east: [{ max_age_ms: 9 * HOUR, calendar: open('09:00-11:30', '13:30-15:00') }],
      west: AGES.west,
    }
    const spec = plainPair({ rules: [patient], max_skew_ms: 24 * HOUR }, legs)
    const { state, changes } = tell(spec, [...gaps('10:00', 6), ...clock('14:00')])
    expect(changes.map(({ state: now }) => now)).toEqual(['missing', 'comparable', 'closed', 'comparable'])
    expect(state.rules['silver-gap']?.breach?.unobserved_since).toBe(at('11:30'))
  })
  it('is unobserved too where much else has changed before anybody tells the time', () => {
    const legs = { east: [{ max_age_ms: 10 * MINUTE, calendar: open('09:00-11:30') }], west: AGES.west }
    const spec = plainPair({ rules: [patient], max_skew_ms: 24 * HOUR }, legs)
    const { state, changes } = tell(spec, [...gaps('10:00', 6), ...clock('12:00')])
    expect(changes.map(({ state: now }) => now)).toEqual(['missing', 'comparable', 'stale', 'closed'])
    expect(state.rules['silver-gap']?.breach?.unobserved_since).toBe(at('10:10'))
    expect(state.wake_at).toBe(Number.POSITIVE_INFINITY)
  })
  it('wakes the engine at that moment, not before and not again', () => {
    const after = (...times: string[]) =>
      tell(pairWith(patient), [...gaps('10:00', 6), ...clock(...times)]).state.wake_at
    expect(after('10:30')).toBe(at('11:10') + 1)
    expect(after('10:30', '11:11')).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a rule that finds its bound crossed when it sees its first premium', () => {
  const joining = (on_start: RuleSpec['on_start']) => rule({ ...AT_ONCE, on_start })
  it('raises with the reason on-start where the pair had been observed before', () => {
    const known = tell(pairWith(), gaps('10:00', 6)).state
    const { transitions } = tell(pairWith(joining('raise')), [east('10:01', 106.5)], known)
    expect(transitions).toMatchObject([{ kind: 'raised', reason: 'on-start' }])
  })
  it('raises as the first of a new pair', () => {
    expect(tell(pairWith(joining('raise')), gaps('10:00', 6)).transitions).toMatchObject([
      { reason: 'first' },
    ])
  })
  it('waits, where it was told to, until the value has been on this side of the bound once', () => {
    const { transitions } = tell(pairWith(joining('wait')), gaps('10:00', 6, 7, 1, 6))
    expect(transitionsOf({ transitions })).toEqual(['10:03 raised 6 warning'])
  })
})
