/** Sina: many symbols in one GB18030 page; an unknown symbol is an empty string, no Referer is a 403. */
import type { Asked, Exchange, Reply, View } from '../exchange.ts'
import { localTime } from '../local-time.ts'
import type { Price } from '../prices.ts'

const ZONE = 'Asia/Shanghai'
// GB18030 bytes, because no encoder for it comes with Node
const SILVER_DEFERRED = '\xb0\xd7\xd2\xf8\xd1\xd3\xc6\xda'
const GOLD_DEFERRED = '\xbb\xc6\xbd\xf0\xd1\xd3\xc6\xda'
const SILVER_CONTINUOUS = '\xb0\xd7\xd2\xf8\xc1\xac\xd0\xf8'
const LONDON_SILVER = '\xc2\xd7\xb6\xd8\xd2\xf8\xa3\xa8\xcf\xd6\xbb\xf5\xb0\xd7\xd2\xf8\xa3\xa9'
const LONDON_GOLD = '\xc2\xd7\xb6\xd8\xbd\xf0\xa3\xa8\xcf\xd6\xbb\xf5\xbb\xc6\xbd\xf0\xa3\xa9'
const ONSHORE_YUAN = '\xd4\xda\xb0\xb6\xc8\xcb\xc3\xf1\xb1\xd2'
const OFFSHORE_YUAN = '\xc0\xeb\xb0\xb6\xc8\xcb\xc3\xf1\xb1\xd2'

type Line = (quote: Required<Price>, date: string, time: string) => string

/** gds_AGTD="29925.00,0,29943.00,30099.00,30280.00,28750.00,15:00:46,29310.00,29018.00,672860,10.00,20.00,2026-01-29,..." */
const exchangeLine =
  (label: string): Line =>
  ({ price, bid, ask }, date, time) =>
    `${price},0,${bid},${ask},${price},${price},${time},${price},${price},672860,10.00,20.00,${date},${label}`

/** hf_XAG="118.80,116.691,118.80,119.14,120.28,115.29,15:01:00,116.69,116.59,0,0,0,2026-01-29,..." */
const foreignLine =
  (label: string): Line =>
  ({ price, bid, ask }, date, time) =>
    `${price},${price},${bid},${ask},${price},${price},${time},${price},${price},0,0,0,${date},${label}`

/** nf_AG0="name,150000,open,high,low,?,bid,ask,LAST,settle,previous,2,2,interest,volume,exchange,product,2026-07-20,1" */
const futuresLine =
  (label: string): Line =>
  ({ price, bid, ask }, date, time) =>
    `${label},${time.replaceAll(':', '')},${price},${price},${price},0.000,${bid},${ask},${price},${price},${price},` +
    `2,2,210628.000,646870,\xbb\xa6,\xb0\xd7\xd2\xf8,${date},1`

/** fx_susdcny="20:04:37,bid,ask,previous,234.0,open,high,low,LAST,name,...,2026-07-20" */
const currencyLine =
  (label: string): Line =>
  ({ price, bid, ask }, date, time) =>
    `${time},${bid},${ask},${price},234.0,${price},${price},${price},${price},${label},-0.0620,-0.0042,0.0234,,0,0,,${date}`

const SYMBOLS: Record<string, { name: string; line: Line }> = {
  gds_AGTD: { name: 'ag-td', line: exchangeLine(SILVER_DEFERRED) },
  gds_AUTD: { name: 'au-td', line: exchangeLine(GOLD_DEFERRED) },
  nf_AG0: { name: 'ag-shfe', line: futuresLine(SILVER_CONTINUOUS) },
  hf_XAG: { name: 'xag', line: foreignLine(LONDON_SILVER) },
  hf_XAU: { name: 'xau', line: foreignLine(LONDON_GOLD) },
  fx_susdcny: { name: 'usdcny', line: currencyLine(ONSHORE_YUAN) },
  fx_susdcnh: { name: 'usdcnh', line: currencyLine(OFFSHORE_YUAN) },
}

function lines(asked: Asked, view: View): Reply {
  if (!String(asked.headers['referer'] ?? '').startsWith('https://finance.sina.com.cn'))
    return { status: 403, content_type: 'text/html', body: Buffer.from('Forbidden') }
  const symbols = asked.path.replace('/list=', '').split(',')
  const text = symbols.map((symbol) => `var hq_str_${symbol}="${fields(symbol, view)}";\n`).join('')
  return {
    status: 200,
    content_type: 'application/javascript; charset=GB18030',
    body: Buffer.from(text, 'latin1'),
  }
}

function fields(symbol: string, view: View): string {
  const known = SYMBOLS[symbol]
  const latest = known && view.latest(known.name)
  if (!latest) return ''
  const { date, time } = localTime(latest.at, ZONE)
  return known.line(
    { ...latest, bid: latest.bid ?? latest.price, ask: latest.ask ?? latest.price },
    date,
    time,
  )
}

export default {
  series: Object.fromEntries(Object.values(SYMBOLS).map(({ name }) => [name, { zone: ZONE, time: '15:00' }])),
  paths: ['/list='],
  answer: lines,
  mislabel: Object.keys(SYMBOLS).map((symbol) => [`hq_str_${symbol}=`, `hq_str_${symbol}_i=`] as const),
} satisfies Exchange
