/** Shanghai Gold Exchange, delayed curve of the day. Unknown instruments answer with Au99.99: the name is asserted. */
import { z } from 'zod'
import { minutesOf } from '../engine/zone.ts'
import { BROWSER_HEADERS } from '../reading/browser.ts'
import { priceText } from '../reading/decimal.ts'
import { pageJson } from '../reading/page.ts'
import { Refused, readEach } from '../reading/refuse.ts'
import { zonedTime } from '../reading/time.ts'
import type { Body, Feed, FeedSeries } from './feed.ts'

const ZONE = 'Asia/Shanghai'
const INSTRUMENTS: Record<string, string> = { 'ag-td': 'Ag(T+D)', 'au-td': 'Au(T+D)' }
const DAY_MINUTES = 1440
const SESSION_START = 20 * 60

const facts = {
  venue: 'SGE',
  origin: 'SGE',
  kind: 'trade',
  currency: 'CNY',
  // sources disagree on the fineness of the deferred contracts, and the page does not state it
  purity: null,
  calendar: 'sge',
  zone: ZONE,
  max_move: 0.2,
  // about a quarter of an hour behind the market
  publication_lag_ms: 15 * 60_000,
} satisfies Partial<FeedSeries>

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/
const shape = z
  .object({
    heyue: z.string(),
    // whole at once: a page has 1,440 of each
    times: z.custom<string[]>(
      isListOf((time) => CLOCK.test(String(time))),
      'expected a list of HH:MM',
    ),
    data: z.custom<(string | null)[]>(
      isListOf((value) => value === null || typeof value === 'string'),
      'expected a list of numbers or null',
    ),
    // '2026年01月29日 15:00:46'; empty while there is nothing to show
    delaystr: z.string().regex(/^(\d{4}年\d\d月\d\d日 \d{1,2}:\d\d:\d\d)?$/),
  })
  .refine(({ times, data }) => times.length === data.length, 'expected as many times as data')
function isListOf(isOne: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(isOne)
}

type Curve = z.infer<typeof shape>

export default {
  title: 'Shanghai Gold Exchange, delayed quotations',
  base_url: 'https://www.sge.com.cn',
  schedule: '* * * * *',
  zone: ZONE,
  min_interval_ms: 60_000,
  max_bytes: 256_000,
  terms: {
    url: 'https://www.sge.com.cn/sjzx/yshqbg',
    note: 'SGE licenses its market data; delayed quotes, for own use.',
  },
  series: {
    'ag-td': { ...facts, metal: 'silver', instrument: 'SGE Ag(T+D)', unit: 'kg', tax_basis: 'inclusive' },
    // gold bullion is exempt from VAT
    'au-td': { ...facts, metal: 'gold', instrument: 'SGE Au(T+D)', unit: 'g', tax_basis: 'exclusive' },
  },

  pages: (wanted) =>
    wanted.map((name) => ({
      page: name,
      method: 'POST',
      path: '/graph/quotations',
      headers: {
        ...BROWSER_HEADERS,
        'x-requested-with': 'XMLHttpRequest',
        origin: 'https://www.sge.com.cn',
        referer: 'https://www.sge.com.cn/',
      },
      form: { instid: INSTRUMENTS[name] ?? name },
      series: [name],
    })),

  parse(body) {
    const curve = pageJson(body, shape)
    return readEach([body.page], (name) => {
      const { heyue, delaystr } = curve
      if (heyue !== INSTRUMENTS[name]) throw new Refused(`asked for ${INSTRUMENTS[name]}, got "${heyue}"`)
      if (delaystr === '') return []
      const [date, time] = delaystr.replace(/^(....)年(..)月(..)日/, '$1-$2-$3').split(' ')
      const at = zonedTime(ZONE, date, time)
      const value = valueAt(curve, time?.padStart(8, '0') ?? '')
      return value === null ? [] : [{ name, at, price: priceText(value) }]
    })
  },

  examples: [
    {
      body: page(
        'ag-td',
        '{"times":["20:00","20:01","20:02"],"data":["9999.0","10001.0","9500.0"],"heyue":"Ag(T+D)","delaystr":"2030年01月15日 20:01:30"}',
      ),
      quotes: [{ name: 'ag-td', at: new Date('2030-01-15T12:01:30Z'), price: '10001.0' }],
    },
    {
      body: page(
        'au-td',
        '{"times":["20:00","15:29"],"data":["512.34",null],"min":500,"max":520,"heyue":"Au(T+D)","delaystr":"2030年01月15日 15:29:59"}',
      ),
      quotes: [{ name: 'au-td', at: new Date('2030-01-15T07:29:59Z'), price: '512.34' }],
    },
  ],
} satisfies Feed

/**
 * The value of the minute of `time`, or the last before it, counted from 20:00 when the exchange's day begins. What
 * stands after that minute is yesterday's, and never read.
 */
function valueAt({ times, data }: Curve, time: string): string | null {
  const latest = sessionMinute(time)
  let shown: { minute: number; value: string } | null = null
  for (const [i, value] of data.entries()) {
    if (!value) continue
    const minute = sessionMinute(times[i] ?? '')
    if (minute <= latest && minute >= (shown?.minute ?? 0)) shown = { minute, value }
  }
  return shown?.value ?? null
}

function sessionMinute(time: string): number {
  return (minutesOf(time) - SESSION_START + DAY_MINUTES) % DAY_MINUTES
}

function page(name: string, json: string): Body {
  return { page: name, content_type: 'application/json;charset=UTF-8', bytes: new TextEncoder().encode(json) }
}
