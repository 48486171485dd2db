import { describe, expect, test } from 'vitest'
import { recordedPrices } from '../../src/simulator/prices.ts'
import { rebased, recordingOf } from '../../src/simulator/recording.ts'
import { scriptedPrices } from '../../src/simulator/scripted.ts'

const series = 'lbma/silver'
const row = { file: 'prices.csv', line: 2, series, price: '60.00' }

describe('recorded prices', () => {
  const prices = recordedPrices([
    { series, at: 3000, price: '3' },
    { series, at: 1000, price: '1' },
    { series, at: 1000, price: '1.5', known_at: 2500 },
    { series, at: 2000, price: '2', known_at: 5000 },
  ])

  test('are unknown before they are made', () => {
    expect(prices.latest(series, 999, 0)).toBeNull()
    expect(prices.latest('lbma/gold-am', 9000, 0)).toBeNull()
  })

  test('give the last one that is known, which is not always the last one that was made', () => {
    expect(prices.latest(series, 2400, 0)?.price).toBe('1')
    expect(prices.latest(series, 9000, 0)?.price).toBe('3')
  })

  test('are replaced by their correction once that is known', () => {
    expect(prices.latest(series, 2500, 0)?.price).toBe('1.5')
    expect(prices.between(series, 0, 9000, 9000, 0).map(({ price }) => price)).toEqual(['1.5', '2', '3'])
    expect(prices.between(series, 0, 9000, 2000, 0).map(({ price }) => price)).toEqual(['1'])
  })

  test('show themselves late at a delayed source, unless the recording says when', () => {
    expect(prices.latest(series, 3000, 1000)?.price).toBe('1.5')
    expect(prices.latest(series, 4000, 1000)?.price).toBe('3')
  })
})

describe('a date in a recording', () => {
  test('means the hour at which the price is made, in the zone of its venue', () => {
    const at = (date: string) => recordingOf([{ ...row, when: { date } }])[0]?.at
    expect(at('2026-01-29')).toBe(Date.parse('2026-01-29T12:00:00Z'))
    expect(at('2026-07-29')).toBe(Date.parse('2026-07-29T11:00:00Z'))
  })

  test.for(['lbma/platinum', 'constructor', 'lbma/toString'])(
    'of a series that is not simulated is refused with its line: %s',
    (unknown) => {
      expect(() => recordingOf([{ ...row, series: unknown, when: { date: '2026-01-29' } }])).toThrow(
        `prices.csv:2: series: found "${unknown}", expected one of sge-delayed/ag-td`,
      )
    },
  )
})

describe('a recording that is moved to now', () => {
  const start = Date.parse('2030-05-06T07:00:00Z')

  test('begins now and runs as much faster as is wanted', () => {
    const moved = rebased(
      [
        { ...row, when: { time: 1000 }, known_at: 3000 },
        { ...row, when: { time: 61_000 } },
      ],
      start,
      60,
    )
    expect(moved[0]).toMatchObject({ when: { time: start }, known_at: start + 2000 / 60 })
    expect(moved[1]?.when).toEqual({ time: start + 1000 })
  })

  test('keeps whole days between its dates', () => {
    const moved = rebased(
      [
        { ...row, when: { date: '2014-01-02' } },
        { ...row, when: { date: '2014-01-06' } },
      ],
      start,
      60,
    )
    expect(moved.map(({ when }) => when)).toEqual([{ date: '2030-05-06' }, { date: '2030-05-10' }])
  })
})

describe('scripted prices', () => {
  const prices = scriptedPrices({
    [series]: { every_ms: 1000, quote: (at) => ({ price: String(at / 1000) }) },
  })

  test('stand still between two moments at which one is made', () => {
    expect(prices.latest(series, 5999, 0)).toEqual({ at: 5000, price: '5' })
    expect(prices.latest(series, 5999, 2000)).toEqual({ at: 3000, price: '3' })
  })

  test('have a history of the last price of each minute, up to now', () => {
    expect(prices.between(series, 0, 600_000, 130_000, 0)).toEqual([
      { at: 59_000, price: '59' },
      { at: 119_000, price: '119' },
      { at: 130_000, price: '130' },
    ])
  })
})
