import { describe, expect, it } from 'vitest'
import { opinionOf } from '../../src/engine/opinion.ts'
import { dumpState, newState } from '../../src/engine/state.ts'
import { east, HOUR, open, plainPair, rate, silver, tell, tick, west } from './build.ts'

const spec = silver()
const absurd = 'makes the premium implausible: 110.31 %, -50 to 100 % allowed'

describe('a first price', () => {
  it('cannot be judged while another leg is missing', () => {
    expect(opinionOf(spec, newState(spec), east('10:00', 14400).tick)).toEqual({ is: 'none' })
  })
  it('is judged by the premium that it would make', () => {
    const { state } = tell(spec, [rate('10:00', 7.1), west('10:00', 30)])
    expect(opinionOf(spec, state, east('10:00', 8000).tick)).toEqual({ is: 'believable' })
    expect(opinionOf(spec, state, east('10:00', 14402).tick)).toEqual({ is: 'objection', reason: absurd })
    expect(opinionOf(spec, state, west('10:00', 0.03).tick)).toEqual({ is: 'none' })
  })
  it('is judged as a rate too', () => {
    const { state } = tell(spec, [west('10:00', 30), east('10:00', 8000)])
    expect(opinionOf(spec, state, rate('10:00', 7.1).tick).is).toBe('believable')
    expect(opinionOf(spec, state, rate('10:00', 0.71).tick).is).toBe('objection')
  })
  it('that was wrong does not stand in the way of the second: it is not asked', () => {
    // west was 1000 times too high, and nobody could know; its leg now says the right price
    const { state } = tell(spec, [rate('10:00', 7.1), west('10:00', 30_000)])
    expect(opinionOf(spec, state, west('10:01', 30).tick)).toEqual({ is: 'none' })
    tell(spec, [east('10:01', 8000, { quarantined: 'makes the premium implausible' })], state)
    expect(opinionOf(spec, state, west('10:02', 30).tick)).toEqual({ is: 'believable' })
    expect(opinionOf(spec, state, west('10:02', 30_000).tick).is).toBe('none')
  })
})

describe('a price among others of the same poll', () => {
  it('is judged beside those that arrived before it', () => {
    const { state } = tell(spec, [rate('10:00', 7.1)])
    const first = west('10:00', 30).tick
    expect(opinionOf(spec, state, east('10:00', 8000).tick, [first]).is).toBe('believable')
    expect(opinionOf(spec, state, east('10:00', 14402).tick, [first])).toEqual({
      is: 'objection',
      reason: absurd,
    })
    expect(opinionOf(spec, state, east('10:00', 14402).tick).is).toBe('none')
  })
})

describe('after the first premium', () => {
  const { state } = tell(spec, [rate('10:00', 7.1), west('10:00', 30), east('10:00', 8000)])
  const before = dumpState(spec, state)
  it('a price is judged beside what is known, and nothing is changed by asking', () => {
    expect(opinionOf(spec, state, east('10:01', 8100).tick).is).toBe('believable')
    expect(opinionOf(spec, state, east('10:01', 14402).tick)).toEqual({ is: 'objection', reason: absurd })
    expect(dumpState(spec, state)).toBe(before)
  })
  it('what another leg is doubted for is not tried instead', () => {
    const doubted = tell(spec, [
      rate('10:00', 7.1),
      west('10:00', 30),
      east('10:00', 8000),
      west('10:01', 60, { quarantined: 'moved' }),
    ])
    expect(opinionOf(spec, doubted.state, east('10:02', 16000).tick).is).toBe('none')
  })
})

describe('no opinion', () => {
  it('is had while a venue is closed or a leg is stale', () => {
    const calendar = open('09:00-10:30')
    const closing = silver({}, { east: { calendar, max_age_ms: HOUR } })
    const { state } = tell(closing, [rate('10:25', 7.1), west('10:29', 30)])
    expect(opinionOf(closing, state, east('10:29', 14402).tick).is).toBe('objection')
    expect(opinionOf(closing, state, east('10:29', 14402, { seen: '10:30' }).tick).is).toBe('none')
    expect(state.legs[0]?.open).toBe(true)
    expect(
      opinionOf(spec, tell(spec, [rate('10:00', 7.1), west('10:00', 30)]).state, east('10:06', 14402).tick)
        .is,
    ).toBe('none')
  })
})

describe('a candidate', () => {
  const two = plainPair({}, { east: [{}, {}], west: [{}, {}] })
  const { state } = tell(two, [west('10:00', 100), tick('west/1', '10:00', 100), east('10:00', 101)])
  it('is judged for itself, though a better one would be used', () => {
    expect(opinionOf(two, state, tick('east/1', '10:01', 900).tick).is).toBe('objection')
    expect(opinionOf(two, state, tick('east/1', '10:01', 102).tick).is).toBe('believable')
    expect(opinionOf(two, state, tick('west/1', '10:01', 9).tick).is).toBe('objection')
  })
})
