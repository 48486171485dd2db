import { describe, expect, it, test } from 'vitest'
import { age } from '../../src/engine/age.ts'
import { nextClock } from '../../src/engine/engine.ts'
import {
  alone,
  at,
  changesOf,
  clock,
  east,
  HOUR,
  MINUTE,
  open,
  plainPair,
  premiumsOf,
  rate,
  silver,
  tell,
  told,
  west,
} from './build.ts'

/** 8000 CNY/kg at 7.1 is 35.05 USD/oz: 17 % over 30 */
const started = [rate('10:00', 7.1), west('10:00', 30), east('10:00', 8000)]

describe('what is missing', () => {
  it('is named, east before west before the rate', () => {
    const { changes } = tell(silver(), [
      clock('09:00'),
      east('10:00', 8000),
      west('10:00', 30),
      rate('10:01', 7.1),
    ])
    expect(changesOf({ changes })).toEqual([
      '09:00 east missing: no price of east/0 yet',
      '10:00 west missing: no price of west/0 yet',
      '10:00 fx missing: no price of fx/0 yet',
      '10:01 comparable',
    ])
  })
  it('comes before what is implausible on another leg', () => {
    const { changes } = tell(silver(), [
      east('10:00', 8, { quarantined: 'is absurd' }),
      west('10:01', 30),
      rate('10:02', 7),
    ])
    expect(changesOf({ changes })).toEqual([
      '10:00 west missing: no price of west/0 yet',
      '10:01 fx missing: no price of fx/0 yet',
      '10:02 east implausible: 8 is absurd',
    ])
  })
  it('is no rate where both legs are quoted in dollars', () => {
    const { changes } = tell(plainPair(), [east('10:00', 101), west('10:00', 100)])
    expect(changesOf({ changes }).at(-1)).toBe('10:00 comparable')
  })
})

it('a west leg that is quoted in yuan is turned into dollars as well', () => {
  const east_facts = { currency: 'USD', unit: 'oz', tax_basis: 'none' } as const
  const mirrored = silver(
    {},
    { east: { facts: east_facts }, west: { facts: { currency: 'CNY', unit: 'kg' } } },
  )
  const { premiums } = tell(mirrored, [rate('10:00', 7.1), east('10:00', 35), west('10:00', 8000)])
  expect(premiums).toMatchObject([{ east_usd: 35, west_usd: 35.046171, as_quoted_usd: -0.046171 }])
})

describe('what is stale', () => {
  it('is comparable up to the very instant at which max_age is reached, and stale just after', () => {
    const seconds = tell(silver(), [...started, clock('10:05')])
    expect(changesOf(seconds).at(-1)).toBe('10:00 comparable')
    expect(changesOf(tell(silver(), [clock('10:05:01')], seconds.state))).toEqual([
      '10:05 west stale: just over 5 min old, 5 min allowed',
    ])
  })
  it('still gives a premium to a tick that is seen at that instant, and none a second later', () => {
    expect(premiumsOf(tell(silver(), [...started, east('10:04', 8000, { seen: '10:05' })]))).toHaveLength(2)
    expect(premiumsOf(tell(silver(), [...started, east('10:04', 8000, { seen: '10:05:01' })]))).toHaveLength(
      1,
    )
  })
  it('tells its true age when a tick of another leg shows it', () => {
    const story = tell(silver(), [rate('10:00', 7.1), west('09:46', 30), east('10:00', 8000)])
    expect(changesOf(story).at(-1)).toBe('10:00 west stale: 14 min old, 5 min allowed')
  })
  it('is known in advance: the engine says when to tell it the time', () => {
    const { state } = tell(silver(), started)
    expect(told(nextClock(state) ?? 0)).toBe('10:05:00.001')
    tell(silver(), [clock('10:05:00')], state)
    expect(told(nextClock(state) ?? 0)).toBe('10:05:00.001')
    tell(silver(), [clock('10:06')], state)
    expect(told(nextClock(state) ?? 0)).toBe('10:30:00.001')
    tell(silver(), [clock('23:00')], state)
    expect(nextClock(state)).toBeNull()
  })
  it('ends a comparability whose rate is too old', () => {
    const story = tell(silver({}, { west: { max_age_ms: HOUR } }), [...started, clock('11:59')])
    expect(changesOf(story).slice(-2)).toEqual([
      '10:30 fx stale: just over 30 min old, 30 min allowed',
      '10:45 east stale: just over 45 min old, 45 min allowed',
    ])
  })
})

describe('sessions', () => {
  const spec = silver(
    {},
    {
      east: { calendar: open('09:00-11:30', '13:30-15:30'), max_age_ms: 6 * HOUR },
      west: { max_age_ms: 6 * HOUR },
      fx: { max_age_ms: 6 * HOUR },
    },
  )
  it('close a pair at their end and open it at their beginning, to the instant', () => {
    const story = tell(spec, [...started, clock('15:29')])
    expect(changesOf(story).slice(-3)).toEqual([
      '10:00 comparable',
      '11:30 east closed: SGE is not in session',
      '13:30 comparable',
    ])
    expect(told(nextClock(story.state) ?? 0)).toBe('15:30')
  })
  it('of benchmarks and rates do not exist', () => {
    const fixing = silver({}, { west: { calendar: open('09:00-09:01'), facts: { kind: 'benchmark' } } })
    expect(changesOf(tell(fixing, started)).at(-1)).toBe('10:00 comparable')
  })
  it('come before staleness: a leg that is both is closed', () => {
    const short = silver({}, { east: { calendar: open('09:00-11:30') } })
    const story = tell(short, [...started, clock('12:00')])
    expect(changesOf(story).slice(-2)).toEqual([
      '10:45 east stale: just over 45 min old, 45 min allowed',
      '11:30 east closed: SGE is not in session',
    ])
  })
})

describe('what is implausible', () => {
  it('makes its leg implausible at once, until the source says something good again', () => {
    const story = tell(silver(), [
      ...started,
      west('10:01', 900, { quarantined: 'moved 2900.0 % from 30, 20 % allowed' }),
      east('10:02', 8000),
      west('10:03', 30),
    ])
    expect(changesOf(story).slice(-2)).toEqual([
      '10:01 west implausible: 900 moved 2900.0 % from 30, 20 % allowed',
      '10:03 comparable',
    ])
    expect(premiumsOf(story).map((line) => line.slice(0, 5))).toEqual(['10:00', '10:03'])
  })
  it('is over when the source says again what we hold, which is no observation', () => {
    const held = west('10:00', 30)
    const [first, , third] = started
    const story = tell(silver(), [
      first as (typeof started)[0],
      held,
      third as (typeof started)[0],
      west('10:01', 900, { quarantined: 'is absurd' }),
      alone({ ...held.tick, seen_at: at('10:02') }),
    ])
    expect(changesOf(story).at(-1)).toBe('10:02 comparable')
    expect(story.premiums).toHaveLength(1)
  })
  it('is the latest word of the source only: what was seen before it says nothing of it', () => {
    const doubted = west('10:02', 900, { seen: '10:03', quarantined: 'is absurd' })
    const older = tell(silver(), [...started, doubted, west('10:01', 30, { seen: '10:01' })])
    expect(changesOf(older).at(-1)).toBe('10:03 west implausible: 900 is absurd')
    const later = tell(silver(), [...started, west('10:04', 30), doubted])
    expect(changesOf(later).at(-1)).toBe('10:00 comparable')
  })
  it('can be the premium itself, of prices that are each believed', () => {
    const story = tell(silver(), [rate('10:00', 7.1), west('10:00', 30), east('10:00', 20000)])
    expect(changesOf(story).at(-1)).toBe('10:00 premium implausible: 192.05 %, -50 to 100 % allowed')
    expect(story.premiums).toEqual([])
  })
})

describe('an age', () => {
  test.for([
    [0, '0 s'],
    [119_400, '119 s'],
    [119_500, '2 min'],
    [119 * MINUTE, '119 min'],
    [2 * HOUR, '2 h'],
    [3 * HOUR + 5 * MINUTE, '3 h 5 min'],
    [48 * HOUR, '2 d'],
    [51 * HOUR + MINUTE, '2 d 3 h'],
  ] as const)('of %d ms is %s', ([ms, text]) => {
    expect(age(ms)).toBe(text)
  })
})
