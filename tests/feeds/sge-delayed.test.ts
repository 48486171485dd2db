import { describe, expect, test } from 'vitest'
import feed from '../../src/feeds/sge-delayed.ts'
import { jsonBody } from './body.ts'

const curve = (times: string[], data: unknown[], delaystr = '2030年01月15日 15:00:46', heyue = 'Ag(T+D)') =>
  feed.parse(jsonBody('ag-td', { times, data, min: 1, max: 2, heyue, delaystr }))

describe('the request', () => {
  test('encodes the plus of Ag(T+D), which would else become a space', () => {
    const [page] = feed.pages(['ag-td'])
    expect(page).toMatchObject({ method: 'POST', path: '/graph/quotations', form: { instid: 'Ag(T+D)' } })
    expect(String(new URLSearchParams(page?.form))).toBe('instid=Ag%28T%2BD%29')
  })
})

describe('the instrument that comes back', () => {
  test('is refused when it is not the one that was asked for', () => {
    const { quotes, refused } = curve(['20:00'], ['560.0'], '2030年01月15日 20:00:30', 'Au99.99')
    expect(quotes).toEqual([])
    expect(refused).toEqual([{ name: 'ag-td', problem: 'asked for Ag(T+D), got "Au99.99"' }])
  })
})

describe('the value', () => {
  const at = new Date('2030-01-15T07:00:46Z')

  test("is that of the source's own minute", () => {
    const { quotes } = curve(['20:00', '14:59', '15:00', '15:01'], ['9000', '9001', '9002', '9003'])
    expect(quotes).toEqual([{ name: 'ag-td', at, price: '9002' }])
  })

  test("is never one of yesterday's, which stand in the minutes to come", () => {
    const { quotes } = curve(['20:00', '15:01', '15:30', '19:59'], ['9000', '8001', '8002', '8003'])
    expect(quotes).toEqual([{ name: 'ag-td', at, price: '9000' }])
  })

  test('counts from 20:00: the evening belongs to the day that follows, past midnight too', () => {
    const late = curve(
      ['20:00', '23:59', '00:00', '00:10', '09:00'],
      ['1', '2', '3', '4', '5'],
      '2030年01月16日 00:05:00',
    )
    expect(late.quotes).toEqual([{ name: 'ag-td', at: new Date('2030-01-15T16:05:00Z'), price: '3' }])
    const evening = curve(
      ['20:00', '20:01', '20:02', '15:30'],
      ['1', null, '3', '4'],
      '2030年01月15日 20:01:59',
    )
    expect(evening.quotes).toEqual([{ name: 'ag-td', at: new Date('2030-01-15T12:01:59Z'), price: '1' }])
  })

  test('is the same in whatever order the minutes are listed', () => {
    const { quotes } = curve(['09:00', '15:00', '20:00', '23:00'], ['2', '3', '0.5', '1'])
    expect(quotes).toEqual([{ name: 'ag-td', at, price: '3' }])
  })

  test('is the last before it where its minute has none', () => {
    expect(curve(['14:58', '14:59', '15:00'], ['9000', '', null]).quotes).toMatchObject([{ price: '9000' }])
  })

  test('is none where nothing was traded yet, and that is no fault', () => {
    expect(curve(['20:00', '20:01'], [null, '9000'], '2030年01月15日 20:00:10')).toEqual({
      quotes: [],
      refused: [],
    })
    expect(curve([], [], '')).toEqual({ quotes: [], refused: [] })
  })

  test('keeps its digits, as text or as a number', () => {
    expect(curve(['15:00'], ['9000.10']).quotes).toMatchObject([{ price: '9000.10' }])
    const literal =
      '{"times":["15:00"],"data":[9000.10],"heyue":"Ag(T+D)","delaystr":"2030年01月15日 15:00:46"}'
    expect(feed.parse(jsonBody('ag-td', literal)).quotes).toMatchObject([{ price: '9000.10' }])
  })

  test.for(['0', '0.0', '-9000', '---', 'NaN', '9e3', '9,000', '1234567890123456'])(
    'is refused when it is %s',
    (value) => {
      const { quotes, refused } = curve(['14:59', '15:00'], ['9000', value])
      expect(quotes).toEqual([])
      expect(refused).toMatchObject([{ name: 'ag-td', problem: expect.stringContaining(value) }])
    },
  )
})

describe('the time', () => {
  test('that does not exist is refused', () => {
    expect(curve(['15:00'], ['9000'], '2030年02月30日 15:00:46').refused).toMatchObject([{ name: 'ag-td' }])
    expect(curve(['15:00'], ['9000'], '2030年01月15日 25:00:46').refused).toMatchObject([{ name: 'ag-td' }])
  })

  test('in another form means another page', () => {
    expect(() => curve(['15:00'], ['9000'], '2030/01/15 15:00:46')).toThrow('delaystr')
    expect(() => curve(['15:00'], [])).toThrow('as many times as data')
  })
})
