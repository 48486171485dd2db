/** Sina Finance: Shanghai, London spot and the yuan in one GB18030 page, one line a symbol, fields by position. */
import { BROWSER_HEADERS } from '../reading/browser.ts'
import { priceText, sides } from '../reading/decimal.ts'
import { pageText } from '../reading/page.ts'
import { Refused, readEach } from '../reading/refuse.ts'
import { zonedTime } from '../reading/time.ts'
import { type Feed, type FeedSeries, NotUnderstood } from './feed.ts'

// the times of every line are Beijing's, those of London spot too
const ZONE = 'Asia/Shanghai'

/** Where a line keeps what: positions from its beginning, negative from its end. */
interface Layout {
  last: number
  bid: number
  ask: number
  time: number
  date: number
}
const SPOT: Layout = { last: 0, bid: 2, ask: 3, time: 6, date: 12 }
// [5] looks like a price and is the close of another day: the last price is [8]
const FUTURE: Layout = { last: 8, bid: 6, ask: 7, time: 1, date: 17 }
const CURRENCY: Layout = { last: 8, bid: 1, ask: 2, time: 0, date: -1 }

const SYMBOLS: Record<string, { symbol: string; layout: Layout }> = {
  'ag-td': { symbol: 'gds_AGTD', layout: SPOT },
  'au-td': { symbol: 'gds_AUTD', layout: SPOT },
  'ag-shfe': { symbol: 'nf_AG0', layout: FUTURE },
  xag: { symbol: 'hf_XAG', layout: SPOT },
  xau: { symbol: 'hf_XAU', layout: SPOT },
  usdcny: { symbol: 'fx_susdcny', layout: CURRENCY },
  usdcnh: { symbol: 'fx_susdcnh', layout: CURRENCY },
}

const facts = { kind: 'trade', purity: null, max_move: 0.2, publication_lag_ms: 3_000 } as const
const shanghai = { ...facts, currency: 'CNY', zone: ZONE } as const
const london = {
  ...facts,
  currency: 'USD',
  unit: 'oz',
  zone: 'Europe/London',
  calendar: 'london-spot',
} as const
const spot = { ...london, venue: 'London spot', origin: 'OTC spot', tax_basis: 'exclusive' } as const
const yuan = {
  ...facts,
  kind: 'rate',
  currency: 'CNY',
  unit: null,
  tax_basis: 'none',
  max_move: 0.02,
} as const
const sge = { ...shanghai, venue: 'SGE', origin: 'SGE', calendar: 'sge' } as const

const series = {
  'ag-td': { ...sge, metal: 'silver', instrument: 'SGE Ag(T+D)', unit: 'kg', tax_basis: 'inclusive' },
  // gold bullion is exempt from VAT
  'au-td': { ...sge, metal: 'gold', instrument: 'SGE Au(T+D)', unit: 'g', tax_basis: 'exclusive' },
  'ag-shfe': {
    ...shanghai,
    metal: 'silver',
    instrument: 'SHFE AG main contract',
    venue: 'SHFE',
    origin: 'SHFE',
    calendar: 'shfe',
    unit: 'kg',
    purity: '99.99 %',
    tax_basis: 'inclusive',
  },
  xag: { ...spot, metal: 'silver', instrument: 'XAG/USD spot' },
  xau: { ...spot, metal: 'gold', instrument: 'XAU/USD spot' },
  usdcny: {
    ...yuan,
    metal: 'usdcny',
    instrument: 'USD/CNY spot',
    venue: 'onshore',
    origin: 'OTC spot',
    calendar: 'cfets',
    zone: ZONE,
  },
  usdcnh: {
    ...yuan,
    metal: 'usdcnh',
    instrument: 'USD/CNH spot',
    venue: 'offshore',
    origin: 'OTC spot',
    calendar: 'london-spot',
    zone: ZONE,
  },
} satisfies Record<string, FeedSeries>

export default {
  title: 'Sina Finance, quotes by symbol',
  base_url: 'https://hq.sinajs.cn',
  schedule: '*/10 * * * * *',
  zone: ZONE,
  min_interval_ms: 3_000,
  max_bytes: 64_000,
  terms: {
    url: 'https://finance.sina.com.cn',
    note: 'Undocumented; values belong to the exchanges; for own use.',
  },
  series,

  // The page is named after what it carries, so that a symbol that does not come back is missed.
  pages: (wanted) => [
    {
      page: wanted.join(','),
      method: 'GET',
      path: `/list=${wanted.map((name) => SYMBOLS[name]?.symbol).join(',')}`,
      headers: { ...BROWSER_HEADERS, referer: 'https://finance.sina.com.cn' },
      series: wanted,
    },
  ],

  parse(body) {
    const lines = linesOf(pageText(body, 'gb18030'))
    return readEach(body.page.split(','), (name) => {
      const { symbol, layout } = SYMBOLS[name] ?? unknownName(name)
      const line = lines.get(symbol)
      if (line === null) throw new Refused(`${symbol} is named twice, and says two things`)
      if (!line)
        throw new Refused(line === '' ? `${symbol} is unknown to the source` : `no line for ${symbol}`)
      return [{ name, ...quoteOf(line.split(','), layout) }]
    })
  },

  examples: [
    {
      // GB18030 bytes of the Chinese names, because Node brings no encoder for it
      body: {
        page: 'ag-td,ag-shfe,xag,usdcny,usdcnh',
        content_type: 'application/javascript; charset=GB18030',
        bytes: Buffer.from(
          [
            'var hq_str_gds_AGTD="10001.00,0,9999.00,10003.00,10100.00,9900.00,15:00:46,9950.00,9960.00,1000,1.00,2.00,2030-01-15,\xb0\xd7\xd2\xf8\xd1\xd3\xc6\xda";',
            'var hq_str_nf_AG0="\xb0\xd7\xd2\xf8\xc1\xac\xd0\xf8,93005,9900.000,10100.000,9850.000,9700.000,10010.000,10012.000,10011.000,9950.000,9940.000,2,2,1000.000,2000,\xbb\xa6,\xb0\xd7\xd2\xf8,2030-01-15,1";',
            'var hq_str_hf_XAG="41.25,41.100,41.25,0,42.00,41.00,01:23:00,41.10,41.20,0,0,0,2030-01-15,\xc2\xd7\xb6\xd8\xd2\xf8";',
            'var hq_str_fx_susdcny="20:04:37,7.0100000000,7.0120000000,7.0200000000,100.0,7.0100,7.0300,7.0000,7.0110,\xd4\xda\xb0\xb6,0.0100,0.0010,0.0030,x,0,0,,2030-01-15";',
            'var hq_str_fx_susdcnh="";',
          ].join('\n'),
          'latin1',
        ),
      },
      quotes: [
        {
          name: 'ag-td',
          at: new Date('2030-01-15T07:00:46Z'),
          price: '10001.00',
          bid: '9999.00',
          ask: '10003.00',
        },
        {
          name: 'ag-shfe',
          at: new Date('2030-01-15T01:30:05Z'),
          price: '10011.000',
          bid: '10010.000',
          ask: '10012.000',
        },
        { name: 'xag', at: new Date('2030-01-14T17:23:00Z'), price: '41.25', bid: '41.25' },
        {
          name: 'usdcny',
          at: new Date('2030-01-15T12:04:37Z'),
          price: '7.0110',
          bid: '7.0100000000',
          ask: '7.0120000000',
        },
      ],
      refused: [{ name: 'usdcnh', problem: 'fx_susdcnh is unknown to the source' }],
    },
  ],
} satisfies Feed

/** By symbol; null where two lines of one symbol differ. */
function linesOf(text: string): Map<string, string | null> {
  const lines = new Map<string, string | null>()
  for (const line of text.split('\n')) {
    const [, symbol, fields] = /^var hq_str_(\w+)="([^"]*)";$/.exec(line.trim()) ?? []
    if (symbol === undefined || fields === undefined)
      throw new NotUnderstood(
        `expected lines such as var hq_str_hf_XAG="..."; got ${JSON.stringify(line.slice(0, 60))}`,
      )
    lines.set(symbol, lines.has(symbol) && lines.get(symbol) !== fields ? null : fields)
  }
  return lines
}

function quoteOf(fields: string[], { last, bid, ask, time, date }: Layout) {
  // futures write 9:30:05 as 93005 or 093005
  const clock = fields[time]?.replace(/^(\d{1,2})(\d\d)(\d\d)$/, '$1:$2:$3')
  return {
    at: zonedTime(ZONE, fields.at(date), clock),
    price: priceText(fields[last], `field ${last}`),
    ...sides(fields[bid], fields[ask]),
  }
}

function unknownName(name: string): never {
  throw new NotUnderstood(`"${name}" is no series of this feed`)
}
