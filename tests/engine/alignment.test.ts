import { describe, expect, it } from 'vitest'
import {
  at,
  changesOf,
  clock,
  east,
  HOUR,
  MINUTE,
  plainPair,
  premiumsOf,
  rate,
  SECOND,
  silver,
  tell,
  tick,
  west,
} from './build.ts'

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
  it('blame the other leg where one of them would do', () => {
    const twoMinutes = { max_age_ms: 2 * MINUTE }
    const pair = plainPair({}, { east: [twoMinutes, {}], west: [{ max_age_ms: 5 * MINUTE }] })
    const never = tell(pair, [west('10:00', 100), second('10:00', 102), clock('10:06')])
    expect(changesOf(never).at(-1)).toBe('10:05 west stale: just over 5 min old, 5 min allowed')
    const stale = tell(pair, [east('10:00', 101), west('10:00', 100), second('10:00', 102), clock('10:06')])
    expect(changesOf(stale).at(-1)).toBe('10:05 west stale: just over 5 min old, 5 min allowed')
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
