import { expect, test } from 'vitest'
import feed from '../../src/feeds/lbma.ts'
import { jsonBody } from './body.ts'

const row = (d: string, usd: unknown, locked = 0) => ({ is_cms_locked: locked, d, v: [usd, 1.5, null] })
const silver = (...rows: unknown[]) => feed.parse(jsonBody('silver', rows))

test('noon in London is another instant in summer', () => {
  expect(silver(row('2030-01-15', 41.5), row('2030-07-15', 42.25)).quotes).toEqual([
    { name: 'silver', at: new Date('2030-01-15T12:00:00Z'), price: '41.5' },
    { name: 'silver', at: new Date('2030-07-15T11:00:00Z'), price: '42.25' },
  ])
})

test('gold has two prices a day, each on its own page and at its own time', () => {
  const at = (page: string) =>
    feed.parse(jsonBody(page, [row('2030-01-15', 3001)])).quotes[0]?.at.toISOString()
  expect([at('gold-am'), at('gold-pm')]).toEqual(['2030-01-15T10:30:00.000Z', '2030-01-15T15:00:00.000Z'])
  expect(feed.pages(['gold-am', 'gold-pm']).map((page) => page.path)).toEqual([
    '/json/gold_am.json',
    '/json/gold_pm.json',
  ])
})

test('a date without a price in dollars is no quote', () => {
  expect(silver(row('2030-01-14', 41.5), row('2030-01-15', null))).toMatchObject({
    quotes: [{ price: '41.5' }],
    refused: [],
  })
})

test('a row that is locked is a price like any other', () => {
  expect(silver(row('2030-01-15', 41.5, 1)).quotes).toMatchObject([{ price: '41.5' }])
})

test('digits are kept as they are published', () => {
  const text = '[{"is_cms_locked":0,"d":"2030-01-15","v":[41.500,30.10,35.20]}]'
  expect(feed.parse(jsonBody('silver', text)).quotes).toMatchObject([{ price: '41.500' }])
})

test('a zero is refused by its date, and takes no other date with it', () => {
  expect(silver(row('2030-01-14', 41), row('2030-01-15', 0), row('2030-01-16', 42))).toMatchObject({
    quotes: [{ price: '41' }, { price: '42' }],
    refused: [{ name: 'silver', problem: expect.stringContaining('2030-01-15') }],
  })
})

test('of a long history only the last ten dates are read', () => {
  const days = Array.from({ length: 28 }, (_, i) => row(`2030-01-${String(i + 1).padStart(2, '0')}`, 40 + i))
  expect(silver(...days).quotes.map((quote) => quote.price)).toEqual(
    days.slice(-10).map(({ v }) => String(v[0])),
  )
})

test('the newest row comes first or last: each has its date', () => {
  const { quotes } = silver(row('2030-01-15', 41), row('2030-01-14', 42))
  expect(quotes.map(({ price }) => price)).toEqual(['42', '41'])
})

test('a date twice, or rows of another shape, are not guessed at', () => {
  const twice = () => silver(row('2030-01-15', 41), row('2030-01-14', 42), row('2030-01-15', 43))
  expect(twice).toThrow('found two rows of 2030-01-15')
  expect(() => silver(row('15/01', 41))).toThrow('0.d')
  expect(() => silver({ d: '2030-01-15', v: [] })).toThrow('0.v')
})
