import { expect, test } from 'vitest'
import feed from '../../src/feeds/sge-benchmark.ts'
import { jsonBody } from './body.ts'

// 2030-01-15 00:00 in Beijing, which is still the 14th in UTC
const MIDNIGHT = Date.parse('2030-01-14T16:00:00Z')
const DAY = 86_400_000
const silver = (zp: unknown, wp: unknown = []) => feed.parse(jsonBody('shag', { zp, wp }))

test('a date is the midnight in Beijing, not the day before as UTC has it', () => {
  expect(silver([[MIDNIGHT, 10_001.5]], [[MIDNIGHT, 10_020]]).quotes).toEqual([
    { name: 'shag-am', at: new Date('2030-01-15T01:45:00Z'), price: '10001.5' },
    { name: 'shag-pm', at: new Date('2030-01-15T06:30:00Z'), price: '10020' },
  ])
})

test('another midnight means that the page has changed its convention', () => {
  expect(() => silver([[MIDNIGHT + DAY / 3, 10_001]])).toThrow('is not a midnight in Beijing')
})

test('only the last ten dates are read', () => {
  const rows = Array.from({ length: 30 }, (_, i) => [MIDNIGHT + i * DAY, 9_000 + i])
  const prices = silver(rows).quotes.map((quote) => quote.price)
  expect(prices).toEqual(['9020', '9021', '9022', '9023', '9024', '9025', '9026', '9027', '9028', '9029'])
})

test('a date twice is not guessed at', () => {
  expect(() =>
    silver([
      [MIDNIGHT, 9_000],
      [MIDNIGHT, 9_001],
    ]),
  ).toThrow('found two rows of 2030-01-15')
})

test('a date without a price is no quote, a zero is refused, the rest goes on', () => {
  expect(silver([[MIDNIGHT, null]])).toEqual({ quotes: [], refused: [] })
  const { quotes, refused } = silver([[MIDNIGHT, 0]], [[MIDNIGHT, 10_020]])
  expect(quotes).toMatchObject([{ name: 'shag-pm' }])
  expect(refused).toMatchObject([{ name: 'shag-am', problem: expect.stringContaining('"0"') }])
})

test('a zero of one date takes no other date of its auction with it', () => {
  const { quotes, refused } = silver([
    [MIDNIGHT, 0],
    [MIDNIGHT + DAY, 10_001],
  ])
  expect(quotes).toMatchObject([{ name: 'shag-am', price: '10001' }])
  expect(refused).toMatchObject([{ name: 'shag-am', problem: expect.stringContaining('2030-01-15') }])
})

test('silver and gold are asked for on one page each, however many of their auctions are wanted', () => {
  expect(feed.pages(['shag-am', 'shag-pm', 'shau-pm'])).toMatchObject([
    { page: 'shag', method: 'POST', path: '/graph/DayilyShsilverJzj', series: ['shag-am', 'shag-pm'] },
    { page: 'shau', method: 'POST', path: '/graph/DayilyJzj', series: ['shau-pm'] },
  ])
})
