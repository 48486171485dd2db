import { describe, expect, it, test } from 'vitest'
import { age } from '../../src/engine/age.ts'
import { nextClock } from '../../src/engine/engine.ts'
import {
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
  SECOND,
  silver,
  tell,
  tick,
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
      { is: 'tick', tick: { ...held.tick, seen_at: at('10:02') } },
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

describe('a source that is fifteen minutes behind, with a skew of five allowed', () => {
  const spec = silver()
  const delayed = (time: string, price: number, seen: string) => east(time, price, { seen })
  const past = [
    ...['09:44', '09:45', '09:46', '09:47', '09:57', '09:58', '09:59'].map((time, i) => west(time, 30 + i)),
    ...[rate('09:43', 7), rate('09:46', 7.1), rate('10:00', 7.2)],
  ]
  it('is compared with what the other leg said then, at the rate of that time', () => {
    const story = tell(spec, [...past, delayed('09:45', 8000, '10:00')])
    expect(story.premiums).toMatchObject([{ time: at('09:45'), seen_at: at('10:00'), skew_ms: 0 }])
    expect(story.premiums[0]?.west.price).toBe(31)
    expect(story.premiums[0]?.fx?.price).toBe(7)
  })
  it('gives one observation for each of its ticks: what the other leg says now is not compared yet', () => {
    const story = tell(spec, [
      ...past,
      delayed('09:45', 8000, '10:00'),
      west('10:00', 40),
      west('10:01', 41),
      delayed('09:46', 8100, '10:01'),
    ])
    expect(premiumsOf(story).map((line) => line.slice(0, 17))).toEqual([
      '09:45 observation',
      '09:46 observation',
    ])
    expect(changesOf(story).at(-1)).toBe('10:00 comparable')
  })
  it('is judged for its age by its latest tick, as is the other', () => {
    const story = tell(spec, [...past, delayed('09:45', 8000, '10:00'), clock('10:10')])
    expect(changesOf(story).at(-1)).toBe('10:04 west stale: just over 5 min old, 5 min allowed')
  })
  it('is skewed where the other has no tick near enough', () => {
    const story = tell(spec, [rate('09:30', 7.1), west('09:59', 30), delayed('09:45', 8000, '10:00')])
    expect(changesOf(story).at(-1)).toBe('10:00 east skewed: 14 min behind west, 5 min allowed')
    const mirrored = tell(silver({}, { west: { max_age_ms: HOUR } }), [
      rate('09:30', 7.1),
      east('09:59', 8000),
      west('09:45', 30, { seen: '10:00' }),
    ])
    expect(changesOf(mirrored).at(-1)).toBe('10:00 west skewed: 14 min behind east, 5 min allowed')
  })
  it('steps back on the east side just as well', () => {
    const story = tell(silver({}, { west: { max_age_ms: HOUR } }), [
      rate('09:30', 7.1),
      east('09:44', 8000),
      east('09:59', 9000),
      west('09:45', 30, { seen: '10:00' }),
    ])
    expect(story.premiums).toMatchObject([{ time: at('09:45'), skew_ms: MINUTE }])
    expect(story.premiums[0]?.east.price).toBe(8000)
  })
})

describe('the rate', () => {
  it('is the last one at or before the time of the premium, never a later one', () => {
    const story = tell(silver(), [
      rate('09:50', 7),
      rate('10:00', 7.1),
      rate('10:02', 7.2),
      west('10:00', 30),
      east('10:01', 8000),
    ])
    expect(story.premiums.at(-1)?.fx?.price).toBe(7.1)
  })
  it('may be up to max_skew later only where there is none before', () => {
    const story = (time: string) =>
      tell(silver(), [west('10:00', 30), rate(time, 7.1), east('10:00', 8000, { seen: time })])
    expect(story('10:05').premiums[0]?.fx?.price).toBe(7.1)
    const late = tell(silver({}, { west: { max_age_ms: HOUR } }), [
      west('10:00', 30),
      rate('10:05:01', 7.1),
      east('10:00', 8000, { seen: '10:06' }),
    ])
    expect(changesOf(late).at(-1)).toBe('10:06 fx missing: no fx/0 at the time of the legs')
  })
  it('that legs have waited for gives the first premium; from then on a rate alone is no observation', () => {
    const waiting = [west('10:00', 30), east('10:00', 8000), rate('10:00', 7.1)]
    expect(tell(silver(), waiting).premiums).toHaveLength(1)
    expect(tell(silver(), [...waiting, rate('10:01', 7.2)]).premiums).toHaveLength(1)
  })
})

describe('candidates', () => {
  const spec = plainPair(
    {},
    { east: [{ max_age_ms: 2 * MINUTE }, { max_age_ms: HOUR }], west: [{ max_age_ms: HOUR }] },
  )
  const second = (time: string, price: number) => tick('east/1', time, price)
  it('are tried in order: the first comparable one is used', () => {
    const story = tell(spec, [
      west('10:00', 100),
      second('10:00', 102),
      east('10:00', 101),
      west('10:01', 100),
      west('10:04', 100),
    ])
    expect(premiumsOf(story)).toEqual([
      '10:00 observation 2',
      '10:00 observation 1',
      '10:01 observation 1',
      '10:04 observation 2',
    ])
    expect(changesOf(story).slice(-1)).toEqual(['10:00 comparable'])
  })
  it('blame the first when none will do', () => {
    const story = tell(spec, [west('10:00', 100), second('10:00', 102), east('10:00', 101), clock('23:00')])
    expect(changesOf(story).at(-1)).toBe('11:00 east stale: 60 min old, 2 min allowed')
  })
  it('that have nothing newer to say than was said are late, and move nothing', () => {
    const story = tell(spec, [
      west('10:00', 100),
      east('10:03', 101),
      west('10:04', 100),
      east('10:05', 9, { quarantined: 'is absurd' }),
      second('10:02', 103),
    ])
    expect(premiumsOf(story)).toEqual(['10:03 observation 1', '10:04 observation 1', '10:04 observation 3'])
    const older = tell(plainPair({ max_skew_ms: 30 * SECOND }, { east: [{}, {}] }), [
      west('10:01', 100),
      west('10:04', 100),
      east('10:04', 101),
      east('10:05', 9, { quarantined: 'is absurd' }),
      second('10:01', 103),
      west('10:06', 100),
    ])
    expect(premiumsOf(older)).toEqual(['10:04 observation 1', '10:01 late 3'])
    expect(older.state.observed?.time).toBe(at('10:04'))
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
