import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Feed, Page, Quote } from '../../src/feeds/feed.ts'
import { loadFeeds } from '../../src/shelf.ts'
import { simulatedClock } from '../../src/simulator/clock.ts'
import { type Exchanges, exchanges, startExchanges } from '../../src/simulator/exchanges.ts'
import { instantOf, localTime } from '../../src/simulator/local-time.ts'
import { type Prices, type RecordedPrice, recordedPrices } from '../../src/simulator/prices.ts'

const feeds: Record<string, Feed> = await loadFeeds()
const DATE = '2030-01-15'
const all = Object.entries(exchanges).flatMap(([feed, { series }]) =>
  Object.entries(series).map(([name, { zone, time }]) => ({
    feed,
    name,
    zone,
    at: instantOf(DATE, time, zone),
  })),
)

let recording: RecordedPrice[] = []
let server: Exchanges
const current: Prices = {
  latest: (...asked) => recordedPrices(recording).latest(...asked),
  between: (...asked) => recordedPrices(recording).between(...asked),
}
beforeAll(async () => {
  const clock = simulatedClock({ real: () => 0, at: new Date('2030-01-16T12:00:00Z') })
  server = await startExchanges({ prices: current, clock })
})
afterAll(() => server.close())

async function read(page: Page, feed: Feed): Promise<Quote[]> {
  const { method, path, headers = {}, form } = page
  const body = form ? { body: new URLSearchParams(form) } : {}
  const response = await fetch(`${server.url}${path}`, { method, headers, ...body })
  const content_type = response.headers.get('content-type') ?? ''
  const bytes = new Uint8Array(await response.arrayBuffer())
  return feed.parse({ page: page.page, bytes, content_type }).quotes
}

async function quotesOf(feed: string, name: string): Promise<Quote[]> {
  const adapter = feeds[feed]
  if (!adapter) throw new Error(`there is no feed ${feed}`)
  const quotes = await Promise.all(adapter.pages([name]).map((page) => read(page, adapter)))
  return quotes.flat().filter((quote) => quote.name === name)
}

const decimal = fc
  .record({ digits: fc.integer({ min: 1, max: 999_999_999 }), decimals: fc.integer({ min: 0, max: 6 }) })
  .map(({ digits, decimals }) =>
    decimals === 0 ? `${digits}` : withPoint(`${digits}`.padStart(decimals + 1, '0'), decimals),
  )

function withPoint(digits: string, decimals: number): string {
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** '0060.500' and '60.5' are one number. */
function normal(price: string | undefined): string | undefined {
  return price?.includes('.') ? price.replace(/\.?0+$/, '') : price
}

describe('what an exchange serves, its adapter reads', () => {
  test.for(all)('$feed/$name: to the last decimal, with its time', async ({ feed, name, zone, at }) => {
    const series = `${feed}/${name}`
    await fc.assert(
      fc.asyncProperty(decimal, async (price) => {
        recording = [{ series, at, price }]
        const quotes = await quotesOf(feed, name)
        expect(quotes.map((quote) => normal(quote.price))).toEqual([normal(price)])
        expect(localTime(quotes[0]?.at.getTime() ?? 0, zone).date).toBe(DATE)
      }),
      { numRuns: 25 },
    )
  })

  test.for(['sge-delayed/ag-td', 'sina/ag-td', 'sina/xag', 'sina/usdcny', 'cfets/usdcny-spot'])(
    '%s: its very second',
    async (series) => {
      const [feed = '', name = ''] = series.split('/')
      const at = Date.parse('2030-01-15T02:31:07Z')
      recording = [{ series, at, price: '7.25' }]
      expect((await quotesOf(feed, name)).map((quote) => quote.at.getTime())).toEqual([at])
    },
  )

  test('bid and ask stay beside the last price', async () => {
    recording = [
      {
        series: 'sina/xag',
        at: Date.parse('2030-01-15T02:31:07Z'),
        price: '40.10',
        bid: '40.09',
        ask: '40.12',
      },
    ]
    expect(await quotesOf('sina', 'xag')).toMatchObject([{ price: '40.10', bid: '40.09', ask: '40.12' }])
  })

  test.for(all)('$feed/$name: no price never becomes a quote', async ({ feed, name }) => {
    recording = []
    const quotes = await quotesOf(feed, name).catch((error: Error) => {
      expect(error.name).toBe('NotUnderstood')
      return []
    })
    expect(quotes).toEqual([])
  })

  test.for(
    all.flatMap(({ feed, name }) =>
      (['zero', 'wrong-instrument', 'waf', 'empty', 'truncated'] as const).map((fault) => ({
        feed,
        name,
        fault,
      })),
    ),
  )('$feed/$name: $fault never becomes a wrong price', async ({ feed, name, fault }) => {
    const at = Date.parse('2030-01-15T02:31:07Z')
    recording = [{ series: `${feed}/${name}`, at, price: '7.25' }]
    server.faults.set(feed, fault)
    const quotes = await quotesOf(feed, name).catch((error: Error) => {
      expect(error.name).toBe('NotUnderstood')
      return []
    })
    server.faults.heal()
    // a page that does not name its instrument cannot betray that it is another
    const silent = fault === 'wrong-instrument' && exchanges[feed]?.mislabel.length === 0
    expect(quotes.map(({ price }) => price)).toEqual(silent ? ['7.25'] : [])
  })
})
