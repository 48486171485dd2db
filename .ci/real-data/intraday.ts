/**
 * Two weeks of January 2026 as somebody observed them, faults included: a rate of 7.25 that nobody quoted, a day close
 * repeated all night, missing prices. Only what a plain second opinion finds comparable may become a premium or an
 * alert, with exactly its number; what is missing beside it must have been refused in words.
 */
import { join } from 'node:path'
import { premiumOf } from './exact.ts'
import { openStage } from './stage.ts'
import { table } from './table.ts'

const data = process.argv[2] ?? '../shared/data'
const INVENTED_RATE = '7.25'
const MINUTE = 60_000
const AGES = { east: 45 * MINUTE, west: 5 * MINUTE, fx: 120 * MINUTE }

const CONFIG = {
  'metals/silver.yaml': `
metal: silver
title: Silver
unit: oz
tax: { china_vat: [{ from: 2019-04-01, rate: 0.13 }] }
pairs:
  observed:
    east: { series: sina/ag-shfe, max_age: 45m }
    west: { series: sina/xag, max_age: 5m }
    fx: { series: sina/usdcny, max_age: 2h }
    max_skew: 5m
rules:
  gap: { pair: observed, measure: as_quoted_usd, direction: above, raise: 5.50, clear: 5.00, notify: [terminal], severity: warning }
`,
  'feeds.yaml': 'feeds: { sina: { base_url: URL } }',
  'channels.yaml': 'channels: { terminal: { kind: console } }\noperators: [terminal]',
  'network.yaml': 'allow_private: [127.0.0.0/8]',
}

interface Seen {
  series: string
  /** when it was observed, whole seconds */
  known_at: number
  /** a price that only repeats itself keeps the time at which it was first seen */
  at: number
  price: string
}

function observations(): Seen[] {
  const seen: Seen[] = []
  const last = new Map<string, Seen>()
  const add = (series: string, known_at: number, price: string | undefined) => {
    if (!price) return
    const before = last.get(series)
    const row = { series, known_at, price, at: before?.price === price ? before.at : known_at }
    if (before?.at === row.at && before.price !== price) row.at += 1000
    last.set(series, row)
    seen.push(row)
  }
  for (const row of table(join(data, 'silver-intraday-2026-01.csv'))) {
    const at = Math.floor(Date.parse(`${row['ts_utc']}Z`) / 1000) * 1000
    if (row['series'] === 'SHFE') {
      add('sina/usdcny', at, row['cny_rate'])
      add('sina/ag-shfe', at, row['price_cny_kg'])
    }
    if (row['series'] === 'XAGUSD' || row['series'] === 'XAGUSD_SPOT') add('sina/xag', at, row['price'])
  }
  return seen
}

const tradingDays = new Set(table(join(data, 'cn-trading-days-2025-2026.csv')).map((row) => row['date']))
const SESSIONS = [
  ['09:00', '10:15'],
  ['10:30', '11:30'],
  ['13:30', '15:00'],
] as const

/** Is the Shanghai futures exchange in session? Told from the list of trading days, night sessions included. */
function inSession(instant: number): boolean {
  const local = new Date(instant + 8 * 3_600_000).toISOString()
  const [date = '', time = ''] = [local.slice(0, 10), local.slice(11, 16)]
  if (tradingDays.has(date) && SESSIONS.some(([open, close]) => time >= open && time < close)) return true
  const evening = time >= '21:00' ? date : time < '02:30' ? shift(date, -1) : null
  return evening !== null && tradingDays.has(evening) && tradingDays.has(nextWeekday(evening))
}

function shift(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
}

function nextWeekday(date: string): string {
  const next = shift(date, 1)
  return [0, 6].includes(new Date(next).getUTCDay()) ? nextWeekday(next) : next
}

/** What a careful person would have compared at each moment; the invented rate is not in this person's book. */
function secondOpinion(seen: readonly Seen[]): Map<string, { numbers: string; moment: number }> {
  const opinion = new Map<string, { numbers: string; moment: number }>()
  for (const moment of new Set(seen.map((row) => row.known_at))) {
    const known = (series: string) => seen.filter((row) => row.series === series && row.known_at <= moment)
    const [east, west, rates] = [known('sina/ag-shfe'), known('sina/xag'), known('sina/usdcny')]
    const [e, w, newestRate] = [east.at(-1), west.at(-1), rates.at(-1)]
    if (!e || !w || !newestRate || !inSession(moment)) continue
    if (moment - e.at > AGES.east || moment - w.at > AGES.west || moment - newestRate.at > AGES.fx) continue
    const [left, right] = [stepBack(e, w, east), stepBack(w, e, west)]
    if (Math.abs(left.at - right.at) > 5 * MINUTE) continue
    const time = Math.max(left.at, right.at)
    const rate = rates.findLast((row) => row.at <= time) ?? rates.find((row) => row.at <= time + 5 * MINUTE)
    if (!rate || rate.price === INVENTED_RATE) continue
    const numbers = premiumOf(left.price, right.price, rate.price, '1.13').join(' ')
    opinion.set(`${time} ${Number(left.price)} ${Number(right.price)} ${Number(rate.price)}`, {
      numbers,
      moment,
    })
  }
  return opinion
}

function stepBack(leg: Seen, other: Seen, rows: readonly Seen[]): Seen {
  if (leg.at - other.at <= 5 * MINUTE) return leg
  return rows.findLast((row) => row.at <= other.at) ?? leg
}

const seen = observations()
await using stage = await openStage(seen, CONFIG)
for (const moment of new Set(seen.map((row) => row.known_at))) await stage.pollAt(moment + 1, ['sina'])

interface Row {
  time: Date
  seen_at: Date
  numbers: string
  east: string
  west: string
  rate: string
}
const found = await stage.rows<Row>(`
  select premium.time, premium.seen_at, trim_scale(east.price)::text as east, trim_scale(west.price)::text as west,
    trim_scale(fx.price)::text as rate, concat_ws(' ', as_quoted_usd, as_quoted_pct, ex_tax_usd, ex_tax_pct) as numbers
  from reporting.premiums premium
    join reporting.price_revisions east on east.tick_id = east_tick_id
    join reporting.price_revisions west on west.tick_id = west_tick_id
    join reporting.price_revisions fx on fx.tick_id = fx_tick_id order by premium_id`)
const opinion = secondOpinion(seen)
const wrong = found.filter((row) => {
  const expected = opinion.get(
    `${row.time.getTime()} ${Number(row.east)} ${Number(row.west)} ${Number(row.rate)}`,
  )
  return expected?.numbers !== row.numbers
})
const refusals = await stage.rows<{ time: Date; until: Date | null; state: string }>(
  "select time, until, state from reporting.comparability where state in ('implausible', 'missing')",
)
const moments = new Set(found.map((row) => row.time.getTime()))
const unexplained = [...opinion].filter(([key, { moment }]) => {
  if (moments.has(Number(key.split(' ')[0]))) return false
  return !refusals.some(
    ({ time, until }) => time.getTime() <= moment + 1 && moment + 1 <= (until?.getTime() ?? Infinity),
  )
})
const breaches = await stage.rows<{ value: string; premium_id: number | null }>(
  'select value::text, premium_id from reporting.transitions',
)
const strange = breaches.filter(({ premium_id }) => premium_id === null)
console.log(
  `intraday January 2026: ${found.length} premiums, ${opinion.size} by a second opinion; ` +
    `${wrong.length} wrong, ${unexplained.length} withheld without a reason, ${breaches.length} transitions`,
)
for (const row of wrong.slice(0, 5))
  console.log('  wrong:', row.time.toISOString(), row.east, row.west, row.rate, row.numbers)
for (const [key, { moment }] of unexplained.slice(0, 5))
  console.log('  withheld:', key, new Date(moment).toISOString())
if (found.length === 0 || wrong.length + unexplained.length + strange.length > 0) process.exitCode = 1
