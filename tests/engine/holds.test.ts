import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/engine/model.ts'
import { nameOf } from '../../src/engine/rules.ts'
import type { PairSpec } from '../../src/engine/spec.ts'
import type { RuleState } from '../../src/engine/state.ts'
import {
  alone,
  at,
  clock,
  DAY,
  east,
  HOUR,
  MINUTE,
  open,
  plainPair,
  rule,
  SECOND,
  tell,
  told,
  transitionsOf,
  west,
} from './build.ts'

const held = (minutes: number) =>
  rule({ levels: [{ for_ms: minutes * MINUTE, clear_for_ms: minutes * MINUTE }] })
/** east lasts two minutes, west a day */
const short = (minutes: number, words = {}) =>
  plainPair(
    { rules: [{ ...held(minutes), ...words }], max_skew_ms: 12 * HOUR },
    { east: [{ max_age_ms: 2 * MINUTE }] },
  )
const six = (...times: string[]) => times.map((time) => east(time, 106))

describe('a hold is measured in comparable time', () => {
  it('less what lay beyond the instant at which a leg became too old', () => {
    // 2 min from 10:00 to 10:02, nothing until 10:30, 1 min to 10:31
    expect(transitionsOf(tell(short(3), [west('10:00', 100), ...six('10:00', '10:30', '10:31')]))).toEqual([
      '10:31 raised 6 warning',
    ])
    expect(transitionsOf(tell(short(4), [west('10:00', 100), ...six('10:00', '10:30', '10:31')]))).toEqual([])
  })
  it('less what lay outside the session', () => {
    const spec = plainPair(
      { rules: [held(3)], max_skew_ms: 12 * HOUR },
      { east: [{ calendar: open('09:00-11:30', '13:30-15:30') }] },
    )
    const noon = [west('11:00', 100), ...six('11:28', '13:30')]
    expect(transitionsOf(tell(spec, [...noon, ...six('13:31')]))).toEqual(['13:31 raised 6 warning'])
    expect(transitionsOf(tell(spec, [...noon, ...six('13:30:59')]))).toEqual([])
  })
  it('and a stretch in which the pair was implausible, missing or skewed is left out whole', () => {
    const doubted = east('10:02', 900, { quarantined: 'is absurd' })
    const spec = plainPair({ rules: [held(3)], max_skew_ms: 12 * HOUR })
    const until = (...times: string[]) => [
      west('10:00', 100),
      ...six('10:00', '10:01'),
      doubted,
      ...six(...times),
    ]
    expect(transitionsOf(tell(spec, until('10:03', '10:04', '10:04:59')))).toEqual([])
    expect(transitionsOf(tell(spec, until('10:03', '10:04', '10:05')))).toEqual(['10:05 raised 6 warning'])
  })
  it('freezes clearing as it freezes pending', () => {
    const raised = [west('10:00', 100), ...six('10:00', '10:01', '10:02', '10:03')]
    const clear = (...times: string[]) => times.map((time) => east(time, 101))
    const story = tell(short(3), [...raised, ...clear('10:04', '10:40', '10:40:59')])
    expect(nameOf(story.state.rules['silver-gap'] as RuleState)).toBe('clearing')
    expect(transitionsOf(tell(short(3), clear('10:41'), story.state))).toEqual(['10:41 cleared 1 warning'])
  })
  it('does not count time that passes with nobody observing: time alone raises and clears nothing', () => {
    const story = tell(short(1), [
      west('10:00', 100),
      ...six('10:00'),
      clock('10:01'),
      clock('10:05'),
      clock('23:00'),
    ])
    expect(story.transitions).toEqual([])
  })
})

describe('time that is told before a tick that was seen earlier', () => {
  it('does not make the tick later than it was, nor forget the spell that it foretold', () => {
    const spec = plainPair(
      { rules: [held(3)], max_skew_ms: 12 * HOUR },
      { east: [{ calendar: open('09:00-11:30', '11:40-15:30') }] },
    )
    const before = [west('11:00', 100), ...six('11:28'), clock('11:50'), ...six('11:29')]
    const plain = [west('11:00', 100), ...six('11:28', '11:29')]
    for (const start of [before, plain]) {
      expect(transitionsOf(tell(spec, [...start, ...six('11:40:59')]))).toEqual([])
      expect(transitionsOf(tell(spec, [...start, ...six('11:41')]))).toEqual(['11:41 raised 6 warning'])
    }
  })
  it('leaves intervals in order', () => {
    const story = tell(short(3), [
      west('10:00', 100),
      ...six('10:00'),
      clock('10:09'),
      ...six('10:01'),
      clock('10:10'),
    ])
    expect(story.changes.map(({ time, state }) => `${told(time)} ${state}`)).toEqual([
      '10:00 missing',
      '10:00 comparable',
      '10:02 stale',
      '10:02 comparable',
      '10:03 stale',
    ])
  })
})

describe('max_gap', () => {
  const spec = short(9, { max_gap_ms: 10 * MINUTE })
  const start = [west('10:00', 100), ...six('10:00', '10:01')]
  it('sends pending back to ok after a longer spell, which runs from the instant it ceased to be comparable', () => {
    const [pending] = tell(spec, [...start, ...six('10:13')]).state.rules['silver-gap']?.up ?? []
    expect(pending?.since).toBe(at('10:00'))
    const [fresh] = tell(spec, [...start, ...six('10:13:01')]).state.rules['silver-gap']?.up ?? []
    expect(fresh).toEqual({ since: at('10:13:01'), held_ms: 0, samples: 1, peak: 6 })
  })
  it('is the length of the whole spell, whatever its reasons were in turn', () => {
    const doubted = east('10:08', 900, { quarantined: 'is absurd' })
    const [fresh] = tell(spec, [...start, doubted, ...six('10:14')]).state.rules['silver-gap']?.up ?? []
    expect(fresh?.since).toBe(at('10:14'))
    const apart = [east('10:07', 106), doubted, ...six('10:14')]
    const [kept] = tell(spec, [...start, ...apart]).state.rules['silver-gap']?.up ?? []
    expect(kept?.since).toBe(at('10:00'))
  })
  it('leaves a raised breach raised', () => {
    const story = tell(short(3, { max_gap_ms: 10 * MINUTE }), [...start, ...six('10:02', '10:03', '11:00')])
    expect(transitionsOf(story)).toEqual(['10:03 raised 6 warning'])
    expect(nameOf(story.state.rules['silver-gap'] as RuleState)).toBe('raised')
  })
})

describe('a frozen spell', () => {
  const frozen: PairSpec = plainPair(
    { rules: [rule({ levels: [{ for_ms: 3 * MINUTE }] })] },
    { east: [{ max_age_ms: MINUTE }] },
  )
  it('of any length changes no hold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 80_000 }), (seconds) => {
        const later = seconds * SECOND
        const tick = (series: string, time: number, price: number): Event =>
          alone({
            ...{ tick_id: time + price, series, at: time, seen_at: time, price },
            ...{ revision: 1, quarantined: null },
          })
        const start = at('10:00')
        const { transitions } = tell({ ...frozen, max_skew_ms: 9 * DAY }, [
          tick('west/0', start, 100),
          tick('east/0', start, 106),
          tick('east/0', start + later, 106),
          tick('east/0', start + later + MINUTE, 106),
          tick('east/0', start + later + 2 * MINUTE - 1, 106),
          tick('east/0', start + later + 2 * MINUTE, 106),
        ])
        // one minute before the spell, two after it
        expect(transitions.map(({ time }) => time)).toEqual([start + later + 2 * MINUTE])
      }),
    )
  })
})
