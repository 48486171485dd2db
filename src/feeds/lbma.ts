/** LBMA silver and gold prices: one page a price with every day since 1968; only its last rows are news. */
import { z } from 'zod'
import { BROWSER_HEADERS } from '../reading/browser.ts'
import { lastRows } from '../reading/dated-rows.ts'
import { priceText } from '../reading/decimal.ts'
import { pageJson } from '../reading/page.ts'
import { readEach } from '../reading/refuse.ts'
import { zonedTime } from '../reading/time.ts'
import type { Body, Feed, FeedSeries } from './feed.ts'

const ZONE = 'Europe/London'
const PATHS: Record<string, string> = {
  silver: '/json/silver.json',
  'gold-am': '/json/gold_am.json',
  'gold-pm': '/json/gold_pm.json',
}
const HOUR_MS = 3_600_000

const facts = {
  venue: 'LBMA',
  origin: 'LBMA',
  kind: 'benchmark',
  currency: 'USD',
  unit: 'oz',
  tax_basis: 'exclusive',
  calendar: 'lbma',
  zone: ZONE,
  max_move: 0.2,
} satisfies Partial<FeedSeries>

// the free page shows a price from the midnight in London that follows it
const series = {
  silver: {
    ...facts,
    metal: 'silver',
    instrument: 'LBMA Silver Price',
    purity: '999',
    fixing_time: '12:00',
    publication_lag_ms: 12 * HOUR_MS,
  },
  'gold-am': {
    ...facts,
    metal: 'gold',
    instrument: 'LBMA Gold Price AM',
    purity: '995',
    fixing_time: '10:30',
    publication_lag_ms: 13.5 * HOUR_MS,
  },
  'gold-pm': {
    ...facts,
    metal: 'gold',
    instrument: 'LBMA Gold Price PM',
    purity: '995',
    fixing_time: '15:00',
    publication_lag_ms: 9 * HOUR_MS,
  },
} satisfies Record<string, FeedSeries>

// v is [USD, GBP, EUR]. is_cms_locked says who may still edit the row, not whether it is published: a later correction
// arrives as another price for the same date.
const row = z.object({ d: z.iso.date(), v: z.tuple([z.string().nullable()], z.unknown()) })
const shape = z.array(row).min(1)

export default {
  title: 'LBMA precious metal prices',
  base_url: 'https://prices.lbma.org.uk',
  // just after the midnight that publishes, and now and then for corrections
  schedule: '5,20 0,1,7,13,16 * * *',
  zone: ZONE,
  min_interval_ms: 600_000,
  max_bytes: 4_000_000,
  terms: {
    url: 'https://www.lbma.org.uk/prices-and-data/precious-metal-prices',
    note: 'ICE Benchmark Administration licenses use and redistribution; the free view is delayed to midnight London.',
  },
  series,

  pages: (wanted) =>
    wanted.map((name) => ({
      page: name,
      method: 'GET',
      path: PATHS[name] ?? name,
      headers: BROWSER_HEADERS,
      series: [name],
    })),

  parse(body) {
    const rows = lastRows(pageJson(body, shape), ({ d }) => d, `page "${body.page}"`)
    const name = body.page
    const { fixing_time } = series[name as keyof typeof series]
    return readEach(
      rows.filter(({ v }) => v[0] !== null),
      ({ d, v }) => [{ name, at: zonedTime(ZONE, d, fixing_time), price: priceText(v[0], `price of ${d}`) }],
      () => name,
    )
  },

  examples: [
    {
      body: page(
        'silver',
        '[{"is_cms_locked":1,"d":"2030-01-14","v":[41.25,33.10,38.20]},{"is_cms_locked":0,"d":"2030-01-15","v":[41.5,33.30,null]}]',
      ),
      quotes: [
        { name: 'silver', at: new Date('2030-01-14T12:00:00Z'), price: '41.25' },
        { name: 'silver', at: new Date('2030-01-15T12:00:00Z'), price: '41.5' },
      ],
    },
    {
      body: page('gold-am', '[{"is_cms_locked":0,"d":"2030-07-15","v":[3001.10,2401.10,2801.10]}]'),
      quotes: [{ name: 'gold-am', at: new Date('2030-07-15T09:30:00Z'), price: '3001.10' }],
    },
    {
      body: page(
        'gold-pm',
        '[{"is_cms_locked":0,"d":"2030-12-23","v":[3002.00,2402.00,2802.00]},{"is_cms_locked":0,"d":"2030-12-24","v":[null,null,null]}]',
      ),
      quotes: [{ name: 'gold-pm', at: new Date('2030-12-23T15:00:00Z'), price: '3002.00' }],
    },
  ],
} satisfies Feed

function page(name: string, json: string): Body {
  return { page: name, content_type: 'application/json', bytes: new TextEncoder().encode(json) }
}
