/**
 * Five years of real daily prices through the real adapters, the queue and the database: every premium of every common
 * date, as quoted and ex tax, must equal exact arithmetic to the sixth decimal.
 */
import { join } from 'node:path'
import { recordingOf } from '../../src/simulator/recording.ts'
import { premiumOf } from './exact.ts'
import { compare, openStage } from './stage.ts'
import { table } from './table.ts'

const data = process.argv[2] ?? '../shared/data'
const shanghai = column('shfe-ag-daily.csv', 'close')
const london = column('lbma-silver-daily.csv', 'usd_oz')
const rates = column('ecb-usdcny-daily.csv', 'usdcny_cross')
const dates = [...new Set([...shanghai.keys(), ...london.keys(), ...rates.keys()])].sort()

const CONFIG = {
  'metals/silver.yaml': `
metal: silver
title: Silver
unit: oz
tax:
  china_vat: [{ from: 2000-01-01, rate: 0.17 }, { from: 2018-05-01, rate: 0.16 }, { from: 2019-04-01, rate: 0.13 }]
pairs:
  silver-daily:
    east: { series: sge-benchmark/shag-pm, max_age: 5d }
    west: { series: lbma/silver, max_age: 5d }
    fx: { series: ecb/usdcny, max_age: 5d }
    align: date
`,
  'feeds.yaml':
    'feeds: { sge-benchmark: { base_url: URL }, lbma: { base_url: URL }, ecb: { base_url: URL } }',
  'network.yaml': 'allow_private: [127.0.0.0/8]',
}

function column(file: string, name: string): Map<string, string> {
  return new Map(
    table(join(data, file)).flatMap((row) => (row[name] ? [[row['date'] ?? '', row[name]]] : [])),
  )
}

function recording(series: string, prices: Map<string, string>) {
  return recordingOf(
    [...prices].map(([date, price], i) => ({ file: series, line: i + 2, series, when: { date }, price })),
  )
}

function expected(): Map<string, string> {
  const common = dates.filter((date) => shanghai.has(date) && london.has(date) && rates.has(date))
  return new Map(
    common.map((date) => {
      const vat = date < '2018-05-01' ? '1.17' : '1.16'
      const [east = '', west = '', rate = ''] = [shanghai.get(date), london.get(date), rates.get(date)]
      return [date, premiumOf(east, west, rate, vat).join(' ')]
    }),
  )
}

const recorded = [
  ...recording('sge-benchmark/shag-pm', shanghai),
  ...recording('lbma/silver', london),
  ...recording('ecb/usdcny', rates),
]
await using stage = await openStage(recorded, CONFIG)
for (const date of dates) {
  await stage.pollAt(Date.parse(`${date}T22:00:00Z`), ['sge-benchmark', 'lbma', 'ecb'])
}
const found = await stage.rows<{ date: string; numbers: string }>(`
  select (time at time zone 'Europe/London')::date::text as date,
    concat_ws(' ', as_quoted_usd, as_quoted_pct, ex_tax_usd, ex_tax_pct) as numbers
  from reporting.premiums`)
// A date on which the ECB published no rate is compared with the rate before it, which the reference leaves out.
const withRate = found.filter(({ date }) => rates.has(date))
console.log(`${found.length - withRate.length} dates were compared with the rate of the date before`)
compare(
  'daily silver 2014 to 2018',
  expected(),
  new Map(withRate.map(({ date, numbers }) => [date, numbers])),
)
