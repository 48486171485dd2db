import { describe, expect, it } from 'vitest'
import { opinionOf } from '../../src/engine/opinion.ts'
import { dumpState, loadState } from '../../src/engine/state.ts'
import {
  alone,
  at,
  changesOf,
  clock,
  DAY,
  east,
  plainPair,
  premiumsOf,
  rate,
  restored,
  rule,
  silver,
  tell,
  tick,
  transitionsOf,
  west,
} from './build.ts'

const days = (n: number) => ({ max_age_ms: n * DAY })
/** Shanghai closes at 07:00 UTC, London fixes at 12:00 */
const daily = plainPair(
  { align: 'date', rules: [rule({ levels: [{ for_ms: 0, clear_for_ms: 0 }] })] },
  { east: [days(4)], west: [days(4)] },
)
const inCny = silver(
  { align: 'date' },
  { east: { ...days(4), calendar: null }, west: { ...days(4), calendar: null }, fx: days(3) },
)

describe('pairs aligned by date', () => {
  it('compare a date once both legs have it, whichever comes first and however far apart in the day', () => {
    const story = tell(daily, [
      east('26 07:00', 101),
      west('26 12:00', 100),
      west('27 12:00', 99),
      east('27 07:00', 101, { seen: '27 13:00' }),
    ])
    expect(premiumsOf(story)).toEqual(['26 12:00 observation 1', '27 12:00 observation 2'])
    expect(story.premiums[0]?.skew_ms).toBe(at('12:00') - at('07:00'))
  })
  it('leave out a date on which one leg has no price', () => {
    const story = tell(daily, [
      east('26 07:00', 101),
      west('26 12:00', 100),
      east('27 07:00', 101),
      east('07:00', 103),
      west('12:00', 100),
    ])
    expect(premiumsOf(story)).toEqual(['26 12:00 observation 1', '12:00 observation 3'])
  })
  it('take each date in its own venue: 22:00 UTC is the next morning in Shanghai', () => {
    const shanghai = plainPair({ align: 'date' }, { east: [{ facts: { zone: 'Asia/Shanghai' } }] })
    expect(premiumsOf(tell(shanghai, [west('12:00', 100), east('27 22:00', 101)]))).toEqual([
      '12:00 observation 1',
    ])
  })
  it('keep the first price of a date: what the source says later that day is no news', () => {
    const story = tell(daily, [
      east('07:00', 101),
      east('07:20', 108),
      west('12:00', 100),
      east('07:40', 109, { seen: '12:10' }),
      west('11:00', 90, { seen: '12:11' }),
    ])
    expect(premiumsOf(story)).toEqual(['12:00 observation 1'])
  })
  it('replace the premium of a date when one of its prices is revised', () => {
    const story = tell(daily, [
      east('07:00', 101),
      west('12:00', 100),
      east('07:00', 106, { revision: 2, seen: '13:00' }),
      east('07:00', 106, { revision: 2, seen: '14:00' }),
    ])
    expect(premiumsOf(story)).toEqual(['12:00 observation 1', '12:00 correction 6'])
    expect(story.transitions).toEqual([])
  })
  it('observe a date whose first price was not believed when its revision is', () => {
    const story = tell(daily, [
      west('12:00', 100),
      east('07:00', 900, { seen: '13:00', quarantined: 'is absurd' }),
      east('07:00', 106, { revision: 2, seen: '14:00' }),
    ])
    expect(transitionsOf(story)).toEqual(['12:00 raised 6 warning'])
  })
  it('store an older date as late: it moves nothing', () => {
    const story = tell(daily, [
      east('27 07:00', 101),
      west('27 12:00', 100),
      east('26 07:00', 120, { seen: '27 13:00' }),
      west('26 12:00', 100, { seen: '27 14:00' }),
    ])
    expect(premiumsOf(story)).toEqual(['27 12:00 observation 1', '26 12:00 late 20'])
    expect(story.transitions).toEqual([])
  })
  it('give no premium to a date whose premium is not believable', () => {
    expect(tell(daily, [east('07:00', 500), west('12:00', 100)]).premiums).toEqual([])
  })
})

describe('the state of the pair today', () => {
  it('is stale when its newest date is too old, though its dates are compared all the same', () => {
    const story = tell(daily, [
      east('20 07:00', 106, { seen: '07:00' }),
      west('20 12:00', 100, { seen: '07:00' }),
      east('21 07:00', 106, { seen: '07:00' }),
    ])
    expect(premiumsOf(story)).toEqual(['20 12:00 observation 6'])
    expect(story.transitions).toEqual([])
    expect(changesOf(story).at(-1)).toBe('07:00 east stale: 8 d old, 4 d allowed')
  })
  it('is comparable from the first date that is new enough, and ends with it', () => {
    const story = tell(daily, [east('27 07:00', 106), west('27 12:00', 100), clock('31 12:00')])
    expect(changesOf(story).slice(-2)).toEqual([
      '27 12:00 comparable',
      '31 07:00 east stale: just over 4 d old, 4 d allowed',
    ])
  })
  it('is measured for holds in comparable time too', () => {
    const slow = { ...daily, rules: [rule({ levels: [{ for_ms: DAY }] })] }
    expect(
      transitionsOf(
        tell(slow, [
          east('26 07:00', 106),
          west('26 12:00', 100),
          east('27 07:00', 106),
          west('27 12:00', 100),
        ]),
      ),
    ).toEqual(['27 12:00 raised 6 warning'])
  })
})

describe('the rate of a date', () => {
  const legs = (day: string, seen?: string) => [
    east(`${day} 07:00`, 8000, seen === undefined ? {} : { seen }),
    west(`${day} 12:00`, 30, seen === undefined ? {} : { seen }),
  ]
  const rates = (story: ReturnType<typeof tell>) =>
    story.premiums.map(({ standing, fx }) => `${standing} ${fx?.price}`)
  it('is that of the date, or of the last date before it within max_age', () => {
    const story = tell(inCny, [rate('20 06:00', 7), rate('21 06:00', 7.1), ...legs('21'), ...legs('24')])
    expect(rates(story)).toEqual(['observation 7.1', 'observation 7.1'])
    expect(tell(inCny, [rate('20 06:00', 7), ...legs('24')]).premiums).toEqual([])
  })
  it('is never that of a later date', () => {
    expect(tell(inCny, [rate('22 06:00', 7), ...legs('21', '22 13:00')]).premiums).toEqual([])
  })
  it('that comes late corrects what was compared with an older one', () => {
    const story = tell(inCny, [
      rate('20 06:00', 7),
      ...legs('21'),
      rate('21 06:00', 7.1, { seen: '21 13:00' }),
    ])
    expect(rates(story)).toEqual(['observation 7', 'correction 7.1'])
  })
  it('of an earlier date that comes late leaves alone what had its own', () => {
    const story = tell(inCny, [
      rate('20 06:00', 7),
      ...legs('21'),
      rate('22 06:00', 7.2),
      ...legs('22'),
      rate('21 06:00', 7.1, { seen: '22 13:00' }),
    ])
    expect(rates(story)).toEqual(['observation 7', 'observation 7.2', 'correction 7.1'])
    expect(story.premiums.at(-1)?.east.at).toBe(at('21 07:00'))
  })
  it('is not asked for where both legs are quoted in dollars', () => {
    const inUsd = silver(
      { align: 'date' },
      { east: { ...days(4), facts: { currency: 'USD', unit: 'oz' } }, west: days(4), fx: days(3) },
    )
    expect(
      rates(
        tell(inUsd, [east('21 07:00', 31), west('21 12:00', 30), rate('21 06:00', 7, { seen: '21 13:00' })]),
      ),
    ).toEqual(['observation undefined'])
  })
  it('that comes last completes every date that waited for it, oldest first', () => {
    const story = tell(inCny, [...legs('21'), ...legs('22'), rate('21 06:00', 7.1, { seen: '22 13:00' })])
    expect(rates(story)).toEqual(['observation 7.1', 'observation 7.1'])
    expect(story.premiums.map(({ east: leg }) => leg.at)).toEqual([at('21 07:00'), at('22 07:00')])
  })
})

describe('memory of dates', () => {
  const many = Array.from({ length: 200 }, (_, i) => at('01 07:00') + i * DAY)
  const events = many.flatMap((time) => [
    alone({ ...east('07:00', 101).tick, at: time, seen_at: time }),
    alone({ ...west('07:00', 100).tick, at: time, seen_at: time }),
  ])
  it('ends after sixty dates, and is the same after it was written and read', () => {
    const { state } = tell(daily, events)
    expect(state.dates).toHaveLength(60)
    expect(state.legs.map(({ history }) => history.length)).toEqual([60, 60])
    expect(loadState(daily, dumpState(daily, state))).toEqual(restored(state))
  })
  it('lets a date before them be history', () => {
    const { state } = tell(daily, events)
    expect(tell(daily, [east('05 07:00', 109, { seen: '31 12:00' })], state).premiums).toEqual([])
  })
})

describe('what a pair by date thinks of a price', () => {
  const known = [east('07:00', 101), west('12:00', 100)]
  const opinion = (price: number) => opinionOf(daily, tell(daily, known).state, east('29 07:00', price).tick)
  it('is nothing until the other leg has that date', () => {
    expect(opinion(900)).toEqual({ is: 'none' })
  })
  it('is the premium of that date', () => {
    const { state } = tell(daily, [...known, west('29 12:00', 100, { seen: '29 12:00' })])
    expect(opinionOf(daily, state, east('29 07:00', 103).tick)).toEqual({ is: 'believable' })
    expect(opinionOf(daily, state, east('29 07:00', 900).tick)).toEqual({
      is: 'objection',
      reason: 'makes the premium implausible: 800.00 %, -50 to 100 % allowed',
    })
    expect(state.legs[0]?.history).toHaveLength(1)
  })
})

it('two candidates by date: the first that has the date and believable company', () => {
  const two = plainPair({ align: 'date' }, { east: [days(4), days(4)] })
  const story = tell(two, [
    tick('east/1', '07:00', 103),
    west('12:00', 100),
    east('29 07:00', 101),
    tick('east/1', '29 07:00', 103),
    west('29 12:00', 100),
  ])
  expect(premiumsOf(story)).toEqual(['12:00 observation 3', '29 12:00 observation 1'])
})

describe('a list of sources by date', () => {
  const lists = plainPair(
    { align: 'date', rules: [rule({ levels: [{ for_ms: 0, clear_for_ms: 0 }] })] },
    { east: [days(4), days(4)], west: [days(4), days(4)] },
  )
  const second = (side: 'east' | 'west', time: string, price: number, revision = 1, seen = time) =>
    tick(`${side}/1`, time, price, { revision, seen })
  it('whose first source comes later is observed with it too: it corrects nothing', () => {
    const story = tell(lists, [
      second('east', '07:00', 101),
      west('12:00', 100),
      east('07:00', 106, { seen: '13:00' }),
      second('east', '07:00', 102, 2, '14:00'),
    ])
    expect(premiumsOf(story)).toEqual(['12:00 observation 1', '12:00 observation 6'])
    expect(transitionsOf(story)).toEqual(['12:00 raised 6 warning'])
  })
  it('is late where a later date has been observed', () => {
    const story = tell(lists, [
      east('27 07:00', 101),
      second('west', '27 12:00', 100),
      east('07:00', 101),
      second('west', '12:00', 100),
      west('27 12:00', 90, { seen: '13:00' }),
    ])
    expect(premiumsOf(story).at(-1)).toBe('27 12:00 late 11')
    expect(story.transitions).toEqual([])
  })
  it('is corrected by the source that it was observed with', () => {
    const story = tell(lists, [
      second('east', '07:00', 101),
      second('west', '12:00', 100),
      second('east', '07:00', 103, 2, '13:00'),
      second('west', '12:00', 99, 2, '13:00'),
    ])
    expect(premiumsOf(story)).toEqual(['12:00 observation 1', '12:00 correction 3', '12:00 correction 4'])
  })
})
