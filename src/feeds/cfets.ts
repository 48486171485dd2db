/** China Foreign Exchange Trade System: the central parity of 09:15 and the spot market. "---" is a missing number. */
import { z } from 'zod'
import { BROWSER_HEADERS } from '../reading/browser.ts'
import { isPrice, middleOf, priceText } from '../reading/decimal.ts'
import { pageJson } from '../reading/page.ts'
import { Refused, readEach } from '../reading/refuse.ts'
import { zonedTime } from '../reading/time.ts'
import type { Body, Feed, FeedSeries } from './feed.ts'

const ZONE = 'Asia/Shanghai'
const FOLDER = '/r/cms/www/chinamoney/data/fx'
const PATHS: Record<string, string> = {
  'usdcny-fixing': `${FOLDER}/ccpr.json`,
  'usdcny-spot': `${FOLDER}/rfx-sp-quot.json`,
}

const facts = {
  metal: 'usdcny',
  venue: 'CFETS',
  origin: 'CFETS',
  kind: 'rate',
  currency: 'CNY',
  unit: null,
  purity: null,
  tax_basis: 'none',
  calendar: 'cfets',
  zone: ZONE,
  max_move: 0.02,
  publication_lag_ms: 60_000,
} satisfies Partial<FeedSeries>

// '2026-09-24 9:15'; empty while there is nothing to show
const time = z.string().regex(/^(\d{4}-\d\d-\d\d \d{1,2}:\d\d(:\d\d)?)?$/)
const fixings = z.object({
  data: z.object({ lastDate: time }),
  records: z.array(z.object({ vrtEName: z.string(), price: z.string() })),
})
const spots = z.object({
  data: z.object({ showDateCN: time }),
  records: z.array(
    z.object({ ccyPair: z.string(), bidPrc: z.string(), askPrc: z.string(), midprice: z.string() }),
  ),
})

export default {
  title: 'CFETS, USD/CNY central parity and spot',
  base_url: 'https://www.chinamoney.com.cn',
  schedule: '* 9-23 * * mon-fri',
  zone: ZONE,
  min_interval_ms: 60_000,
  max_bytes: 256_000,
  terms: {
    url: 'https://www.chinamoney.com.cn/english/',
    note: 'CFETS owns the data; for own use, with attribution.',
  },
  series: {
    'usdcny-fixing': { ...facts, instrument: 'USD/CNY central parity', fixing_time: '09:15' },
    'usdcny-spot': { ...facts, instrument: 'USD/CNY spot' },
  },

  pages: (wanted) =>
    wanted.map((name) => ({
      page: name,
      method: 'GET',
      path: PATHS[name] ?? name,
      headers: BROWSER_HEADERS,
      series: [name],
    })),

  parse: (body) => (body.page === 'usdcny-fixing' ? fixing(body) : spot(body)),

  examples: [
    {
      body: page(
        'usdcny-fixing',
        '{"head":{"rep_code":"200"},"data":{"lastDateEn":"15/01/2030 9:15","lastDate":"2030-01-15 9:15"},"records":[{"vrtCode":"1","vrtName":"美元/人民币","vrtEName":"USD/CNY","price":"7.0123","bp":"21.00","bpDouble":21.0}]}',
      ),
      quotes: [{ name: 'usdcny-fixing', at: new Date('2030-01-15T01:15:00Z'), price: '7.0123' }],
    },
    {
      body: page(
        'usdcny-spot',
        '{"head":{"rep_code":"200"},"data":{"showDateCN":"2030-01-15 14:49:47"},"records":[{"ccyPair":"USD/CNY","bidPrc":"7.0131","askPrc":"7.0132","midprice":"---","time":""}]}',
      ),
      quotes: [
        {
          name: 'usdcny-spot',
          at: new Date('2030-01-15T06:49:47Z'),
          price: '7.01315',
          bid: '7.0131',
          ask: '7.0132',
        },
      ],
    },
  ],
} satisfies Feed

function fixing(body: Body) {
  const { data, records } = pageJson(body, fixings)
  return readEach(['usdcny-fixing'], (name) => {
    if (records.length === 0) return []
    const record = records.find(({ vrtEName }) => vrtEName === 'USD/CNY') ?? missing()
    return [{ name, at: timeOf(data.lastDate), price: priceText(record.price) }]
  })
}

/** The page has bid and ask and mostly no middle: then the price is their exact middle, the only computed one here. */
function spot(body: Body) {
  const { data, records } = pageJson(body, spots)
  return readEach(['usdcny-spot'], (name) => {
    if (records.length === 0) return []
    const record = records.find(({ ccyPair }) => ccyPair === 'USD/CNY') ?? missing()
    const bid = priceText(record.bidPrc, 'bid')
    const ask = priceText(record.askPrc, 'ask')
    const price = isPrice(record.midprice) ? record.midprice : middleOf(bid, ask)
    return [{ name, at: timeOf(data.showDateCN), price, bid, ask }]
  })
}

function missing(): never {
  throw new Refused('no USD/CNY among the records')
}

function timeOf(text: string): Date {
  const [date, clock] = text.split(' ')
  return zonedTime(ZONE, date, clock)
}

function page(name: string, json: string): Body {
  return { page: name, content_type: 'application/json', bytes: new TextEncoder().encode(json) }
}
