/** Shanghai silver and gold benchmark prices, two auctions a day. The page gives their dates as Beijing midnights. */
import { z } from 'zod'
import { dateIn, instantOf } from '../engine/zone.ts'
import { BROWSER_HEADERS } from '../reading/browser.ts'
import { lastRows } from '../reading/dated-rows.ts'
import { priceText } from '../reading/decimal.ts'
import { pageJson } from '../reading/page.ts'
import { readEach } from '../reading/refuse.ts'
import { zonedTime } from '../reading/time.ts'
import { type Feed, type FeedSeries, NotUnderstood, type Quote } from './feed.ts'

const ZONE = 'Asia/Shanghai'
const PATHS: Record<string, string> = { shag: '/graph/DayilyShsilverJzj', shau: '/graph/DayilyJzj' }

const facts = {
  venue: 'SGE',
  origin: 'SGE',
  kind: 'benchmark',
  currency: 'CNY',
  purity: null,
  calendar: 'sge',
  zone: ZONE,
  max_move: 0.2,
  // an auction takes some minutes, and the page follows
  publication_lag_ms: 15 * 60_000,
} satisfies Partial<FeedSeries>
const silver = { ...facts, metal: 'silver', unit: 'kg', tax_basis: 'inclusive' } as const
// gold bullion is exempt from VAT
const gold = { ...facts, metal: 'gold', unit: 'g', tax_basis: 'exclusive' } as const

const series = {
  'shag-am': { ...silver, instrument: 'SGE SHAG AM', fixing_time: '09:45' },
  'shag-pm': { ...silver, instrument: 'SGE SHAG PM', fixing_time: '14:30' },
  'shau-am': { ...gold, instrument: 'SGE SHAU AM', fixing_time: '10:15' },
  'shau-pm': { ...gold, instrument: 'SGE SHAU PM', fixing_time: '14:15' },
} satisfies Record<string, FeedSeries>

// [milliseconds of the Beijing midnight, price]
const rows = z.array(z.tuple([z.string().regex(/^\d{12,13}$/), z.string().nullable()]))
const shape = z.object({ zp: rows, wp: rows })

export default {
  title: 'Shanghai Gold Exchange, benchmark prices',
  base_url: 'https://www.sge.com.cn',
  // after each auction until it is out
  schedule: '*/10 10,14,15 * * mon-fri',
  zone: ZONE,
  min_interval_ms: 300_000,
  max_bytes: 1_000_000,
  terms: { url: 'https://www.sge.com.cn/sjzx/jzj', note: 'SGE licenses its benchmarks; for own use.' },
  series,

  pages: (wanted) =>
    Object.entries(PATHS)
      .map(([page, path]) => ({ page, path, series: wanted.filter((name) => name.startsWith(page)) }))
      .filter((page) => page.series.length > 0)
      .map((page) => ({
        ...page,
        method: 'POST',
        headers: { ...BROWSER_HEADERS, referer: 'https://www.sge.com.cn/sjzx/jzj' },
      })),

  parse(body) {
    const { zp, wp } = pageJson(body, shape)
    const names = Object.keys(series).filter((name) => name.startsWith(`${body.page}-`))
    const fixings = names.flatMap((name) =>
      lastRows(name.endsWith('-am') ? zp : wp, ([midnight]) => dateOf(midnight), `page "${body.page}"`).map(
        ([midnight, price]) => ({ name, date: dateOf(midnight), price }),
      ),
    )
    return readEach(fixings, quotesOf, ({ name }) => name)
  },

  examples: [
    {
      body: {
        page: 'shag',
        content_type: 'application/json;charset=UTF-8',
        bytes: new TextEncoder().encode(
          '{"zp":[[1894636800000,10001.0]],"wp":[[1894550400000,9990.0],[1894636800000,10020.0]]}',
        ),
      },
      quotes: [
        { name: 'shag-am', at: new Date('2030-01-15T01:45:00Z'), price: '10001.0' },
        { name: 'shag-pm', at: new Date('2030-01-14T06:30:00Z'), price: '9990.0' },
        { name: 'shag-pm', at: new Date('2030-01-15T06:30:00Z'), price: '10020.0' },
      ],
    },
    {
      body: {
        page: 'shau',
        content_type: 'application/json;charset=UTF-8',
        bytes: new TextEncoder().encode('{"zp":[[1894636800000,512.34]],"wp":[]}'),
      },
      quotes: [{ name: 'shau-am', at: new Date('2030-01-15T02:15:00Z'), price: '512.34' }],
    },
  ],
} satisfies Feed

function quotesOf({ name, date, price }: { name: string; date: string; price: string | null }): Quote[] {
  if (price === null) return []
  const { fixing_time } = series[name as keyof typeof series]
  return [{ name, at: zonedTime(ZONE, date, fixing_time), price: priceText(price, `price of ${date}`) }]
}

/** Read as UTC the midnight in Beijing would be the day before. */
function dateOf(midnight: string): string {
  const instant = Number(midnight)
  const date = dateIn(ZONE, instant)
  if (instantOf(ZONE, date, '00:00') === instant) return date
  throw new NotUnderstood(`${midnight} is not a midnight in Beijing`)
}
