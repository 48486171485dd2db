import { expect, test } from 'vitest'
import feed from '../../src/feeds/cfets.ts'
import { jsonBody } from './body.ts'

const fixing = (lastDate: string, ...records: unknown[]) =>
  feed.parse(jsonBody('usdcny-fixing', { head: {}, data: { lastDate }, records }))
const spot = (record: Record<string, string>) =>
  feed.parse(
    jsonBody('usdcny-spot', {
      data: { showDateCN: '2030-01-15 14:49:47' },
      records: [
        { ccyPair: 'EUR/CNY', bidPrc: '8', askPrc: '8', midprice: '8' },
        { ccyPair: 'USD/CNY', midprice: '---', ...record },
      ],
    }),
  )

test('the fixing has its own time, with an hour of one digit', () => {
  expect(fixing('2030-01-15 9:15', { vrtEName: 'USD/CNY', price: '7.0123' }).quotes).toEqual([
    { name: 'usdcny-fixing', at: new Date('2030-01-15T01:15:00Z'), price: '7.0123' },
  ])
})

test('another currency is never taken for the dollar', () => {
  const { quotes, refused } = fixing('2030-01-15 9:15', { vrtEName: 'EUR/CNY', price: '8.0123' })
  expect(quotes).toEqual([])
  expect(refused).toEqual([{ name: 'usdcny-fixing', problem: 'no USD/CNY among the records' }])
})

test('before the first fixing there is none', () => {
  expect(fixing('')).toEqual({ quotes: [], refused: [] })
})

test('the spot rate is the exact middle of bid and ask where the page gives none', () => {
  expect(spot({ bidPrc: '7.0131', askPrc: '7.0132' }).quotes).toEqual([
    {
      name: 'usdcny-spot',
      at: new Date('2030-01-15T06:49:47Z'),
      price: '7.01315',
      bid: '7.0131',
      ask: '7.0132',
    },
  ])
  expect(spot({ bidPrc: '7.0131', askPrc: '7.0132', midprice: '7.0130' }).quotes).toMatchObject([
    { price: '7.0130' },
  ])
})

test('three dashes are a missing number, and half a market gives no rate', () => {
  expect(spot({ bidPrc: '7.0131', askPrc: '---' }).refused).toMatchObject([
    { name: 'usdcny-spot', problem: 'ask is "---"; expected a positive decimal such as 29925.00' },
  ])
})

test('a time in another form means another page', () => {
  expect(() => fixing('15/01/2030 9:15', { vrtEName: 'USD/CNY', price: '7' })).toThrow('data.lastDate')
})
