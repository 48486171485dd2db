import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/engine/model.ts'
import { nameOf } from '../../src/engine/rules.ts'
import { dumpState, loadState, newState, type RuleState } from '../../src/engine/state.ts'
import {
  alone,
  at,
  changesOf,
  east,
  gaps,
  HOUR,
  MINUTE,
  plainPair,
  premiumsOf,
  rate,
  restored,
  rule,
  silver,
  type TickEvent,
  tell,
  tick,
  told,
  transitionsOf,
  west,
} from './build.ts'

const spec = plainPair()
const again = ({ tick }: TickEvent, words: object = {}): TickEvent =>
  alone({
    ...tick,
    ...words,
  })

describe('an observation', () => {
  it('is every new tick of a leg, at the later time of the two', () => {
    const story = tell(spec, [west('10:00', 100), east('10:01', 101), west('10:02', 99)])
    expect(premiumsOf(story)).toEqual(['10:01 observation 1', '10:02 observation 2'])
    expect(story.premiums[1]).toMatchObject({ skew_ms: MINUTE, seen_at: at('10:02'), fx: null })
  })
  it('is the same price at a later time as well', () => {
    const story = tell(spec, [west('10:00', 100), east('10:01', 101), east('10:02', 101)])
    expect(premiumsOf(story)).toEqual(['10:01 observation 1', '10:02 observation 1'])
  })
  it('is not a tick that is folded twice', () => {
    const twice = east('10:01', 101)
    const story = tell(spec, [
      west('10:00', 100),
      twice,
      again(twice),
      again(twice, { seen_at: at('10:02') }),
    ])
    expect(premiumsOf(story)).toEqual(['10:01 observation 1'])
  })
  it('is not a tick that is older than what its leg has said: it is kept for stepping back only', () => {
    const story = tell(spec, [west('10:00', 100), east('10:02', 101), east('10:01', 109, { seen: '10:03' })])
    expect(premiumsOf(story)).toEqual(['10:02 observation 1'])
    expect(story.state.legs[0]?.history.map(({ price }) => price)).toEqual([109, 101])
  })
  it('is not a tick of a series that the pair does not use', () => {
    expect(tell(spec, [tick('comex/si', '10:00', 30)]).premiums).toEqual([])
  })
  it('behind the last one is not made by a leg that runs so far ahead that it must step back', () => {
    const story = tell(spec, [
      west('09:53', 100),
      east('09:56', 101),
      west('09:55', 100),
      west('10:00', 100),
      west('10:02', 100),
      west('10:03', 100),
    ])
    expect(premiumsOf(story)).toEqual(['09:56 observation 1', '09:56 observation 1', '10:00 observation 1'])
    expect(story.state.comparability).toBe('comparable')
  })
})

describe('the ticks that one poll brought', () => {
  const poll = (...ticks: TickEvent[]): Event => ({
    is: 'ticks',
    seen_at: ticks[0]?.tick.seen_at ?? 0,
    ticks: ticks.map(({ tick: each }) => each),
  })
  it('are one observation: no leg is compared with what another has already replaced', () => {
    const story = tell(spec, [
      poll(west('10:00', 100), east('10:00', 101)),
      poll(west('10:01', 200), east('10:01', 202)),
      poll(east('10:02', 203)),
    ])
    expect(premiumsOf(story)).toEqual(['10:00 observation 1', '10:01 observation 2', '10:02 observation 3'])
  })
  it('may hold one that is not believed, one that is known and one of a series that the pair does not use', () => {
    const known = west('10:00', 100)
    const story = tell(spec, [
      poll(known, east('10:00', 101)),
      poll(
        again(known, { seen_at: at('10:01') }),
        tick('comex/si', '10:01', 30),
        east('10:01', 900, { quarantined: 'is absurd' }),
      ),
    ])
    expect(premiumsOf(story)).toEqual(['10:00 observation 1'])
    expect(changesOf(story).at(-1)).toBe('10:01 east implausible: 900 is absurd')
  })
  it('of one series are compared once, at the newest', () => {
    expect(
      premiumsOf(tell(spec, [west('10:00', 100), poll(east('10:00', 101), east('10:01', 102))])),
    ).toEqual(['10:01 observation 2'])
  })
})

describe('a revision', () => {
  const first = east('10:01', 101)
  it('replaces the premium that used the tick, and is no observation', () => {
    const raising = plainPair({ rules: [rule({ levels: [{ for_ms: 0 }] })] })
    const story = tell(raising, [
      west('10:00', 100),
      first,
      east('10:01', 110, { revision: 2, seen: '10:03' }),
    ])
    expect(premiumsOf(story)).toEqual(['10:01 observation 1', '10:01 correction 10'])
    expect(story.premiums[1]?.seen_at).toBe(at('10:03'))
    expect(story.transitions).toEqual([])
    expect(transitionsOf(tell(raising, [west('10:02', 100)], story.state))).toEqual([
      '10:02 raised 10 warning',
    ])
  })
  it('of the other leg and of the rate does so too', () => {
    const story = tell(silver(), [
      rate('10:00', 7),
      west('10:00', 30),
      east('10:00', 8000),
      west('10:00', 31, { revision: 2 }),
      rate('10:00', 7.1, { revision: 2 }),
      rate('10:00', 7.1, { revision: 2 }),
    ])
    expect(story.premiums.map(({ standing }) => standing)).toEqual([
      'observation',
      'correction',
      'correction',
    ])
    expect(story.premiums.at(-1)).toMatchObject({ west: { price: 31 }, fx: { price: 7.1 } })
  })
  it('of a tick that the last observation did not use brings no premium', () => {
    const story = tell(spec, [
      west('10:00', 100),
      first,
      east('10:02', 101),
      east('10:01', 108, { revision: 2, seen: '10:03' }),
    ])
    expect(premiumsOf(story)).toHaveLength(2)
    expect(premiumsOf(tell(spec, [east('10:00', 101, { revision: 2 })]))).toEqual([])
  })
  it('of what was observed last replaces its premium however many prices came since that nobody could compare', () => {
    const since = Array.from({ length: 40 }, (_, i) => told(at('10:01') + i * MINUTE))
    const story = tell(spec, [
      west('10:00', 100),
      east('10:00', 101),
      ...since.flatMap((time) => [east(time, 900), west(time, 100)]),
      east('10:00', 110, { revision: 2, seen: '11:00' }),
    ])
    expect(premiumsOf(story)).toEqual(['10:00 observation 1', '10:00 correction 10'])
    expect(story.state.legs.every(({ history }) => history.length < 20)).toBe(true)
  })
  it('is not undone by the earlier revision when that is folded again', () => {
    const events = [
      west('10:00', 100),
      first,
      east('10:01', 110, { revision: 2, seen: '10:02' }),
      again(first),
    ]
    expect(premiumsOf(tell(spec, [...events, west('10:03', 100)])).at(-1)).toBe('10:03 observation 10')
  })
  it('that is the first good price of its time is an observation, and corrects nothing', () => {
    const story = tell(spec, [
      west('10:00', 100),
      east('10:01', 900, { quarantined: 'is absurd' }),
      east('10:01', 101, { revision: 2, seen: '10:02' }),
    ])
    expect(premiumsOf(story)).toEqual(['10:01 observation 1'])
  })
  it('of a leg that the configuration has dropped since brings nothing', () => {
    const two = plainPair({}, { east: [{}, {}] })
    const { state } = tell(two, [west('10:00', 100), east('10:00', 101)])
    const other: typeof two = {
      ...two,
      east: two.east.slice(1).map((leg) => ({ ...leg, slot: 0 })),
      west: two.west.map((leg) => ({ ...leg, slot: 1 })),
    }
    const moved = loadState(other, dumpState(two, state))
    expect(tell(other, [west('10:00', 99, { revision: 2 })], moved).premiums).toEqual([])
  })
})

describe('memory', () => {
  it('stays flat while both legs go on', () => {
    const events = Array.from({ length: 3000 }, (_, i) => i).flatMap((i) => [
      ...(i % 7 === 0 ? [moved(rate('00:00', 7), i)] : []),
      moved(west('00:00', 30), i),
      moved(east('00:00', 8000), i),
    ])
    const { state } = tell(silver(), events)
    for (const leg of state.legs) expect(leg.history.length).toBeLessThanOrEqual(64)
  })
  it('keeps of a leg that runs ahead what the other has not reached, for as long as that is alive', () => {
    const ahead = Array.from({ length: 160 }, (_, i) => moved(west('00:00', 30), i))
    const delayed = tell(silver({}, { east: { max_age_ms: HOUR } }), [
      moved(east('00:00', 8000), 100),
      ...ahead,
    ])
    expect(delayed.state.legs[1]?.history[0]?.at).toBe(at('01:40'))
    const dead = tell(silver({}, { east: { max_age_ms: HOUR } }), ahead)
    expect(dead.state.legs[1]?.history.length).toBeLessThan(110)
  })
  it('keeps nothing of a source for another of its own list, which it is never compared with', () => {
    const two = plainPair({}, { east: [{}, {}] })
    const times = Array.from({ length: 60 }, (_, i) => told(at('10:00') + i * MINUTE))
    const { state } = tell(
      two,
      times.flatMap((time) => [east(time, 101), west(time, 100)]),
    )
    expect(state.legs[0]?.history.length).toBeLessThan(20)
  })
})

describe('a state', () => {
  it('is the same after it was written and read, and a leg that is new to it is empty', () => {
    const pair = silver({ rules: [rule({ levels: [{ for_ms: 0 }] })] })
    const { state } = tell(pair, [
      rate('10:00', 7.1),
      west('10:00', 30),
      east('10:00', 9000),
      west('10:01', 9, { quarantined: 'is absurd' }),
    ])
    expect(loadState(pair, dumpState(pair, state))).toEqual(restored(state))
    expect(loadState(pair, JSON.parse(dumpState(pair, newState(pair))))).toEqual(newState(pair))
    const wider = plainPair({}, { east: [{}, {}] })
    expect(loadState(wider, dumpState(spec, newState(spec))).legs).toHaveLength(3)
  })
  it('names where its rules stand', () => {
    const pair = plainPair({ rules: [rule()], max_skew_ms: HOUR })
    const { state } = tell(pair, gaps('10:00', 6))
    expect(nameOf(state.rules['silver-gap'] as RuleState)).toBe('pending')
  })
})

function moved(event: TickEvent, minutes: number): Event {
  const { tick } = event
  const later = minutes * MINUTE
  return alone({ ...tick, at: tick.at + later, seen_at: tick.seen_at + later })
}
