/** ECB reference rates: euros against currencies; USD/CNY is their cross, to six decimals, half to even. */
import { SaxesParser } from 'saxes'
import { BROWSER_HEADERS } from '../reading/browser.ts'
import { priceText, quotientOf } from '../reading/decimal.ts'
import { pageText } from '../reading/page.ts'
import { readEach } from '../reading/refuse.ts'
import { zonedTime } from '../reading/time.ts'
import { type Body, type Feed, NotUnderstood } from './feed.ts'

const ZONE = 'Europe/Berlin'
const FIXING_TIME = '16:00'

export default {
  title: 'European Central Bank, reference rates',
  base_url: 'https://www.ecb.europa.eu',
  schedule: '5,20,40 16,17 * * mon-fri',
  zone: ZONE,
  min_interval_ms: 600_000,
  max_bytes: 64_000,
  terms: {
    url: 'https://www.ecb.europa.eu/services/disclaimer/html/index.en.html',
    note: 'Free to reuse with attribution; for information, not for transactions.',
  },
  series: {
    usdcny: {
      metal: 'usdcny',
      instrument: 'USD/CNY ECB reference',
      venue: 'ECB',
      origin: 'ECB',
      kind: 'rate',
      currency: 'CNY',
      unit: null,
      purity: null,
      tax_basis: 'none',
      calendar: 'ecb',
      zone: ZONE,
      max_move: 0.02,
      fixing_time: FIXING_TIME,
      // published around 16:00, sometimes some minutes later
      publication_lag_ms: 5 * 60_000,
    },
  },

  pages: (wanted) => [
    {
      page: 'daily',
      method: 'GET',
      path: '/stats/eurofxref/eurofxref-daily.xml',
      headers: BROWSER_HEADERS,
      series: wanted,
    },
  ],

  parse(body) {
    const { dates, rates } = cubesOf(body)
    const [date, another] = dates
    if (another) throw new NotUnderstood(`expected the rates of one date; got ${date}, ${another}`)
    return readEach(date ? ['usdcny'] : [], (name) => {
      const usd = priceText(rates.get('USD'), 'USD rate')
      const cny = priceText(rates.get('CNY'), 'CNY rate')
      return [{ name, at: zonedTime(ZONE, date, FIXING_TIME), price: quotientOf(cny, usd, 6) }]
    })
  },

  examples: [
    {
      body: {
        page: 'daily',
        content_type: 'text/xml',
        bytes: new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time='2030-01-15'>
    <Cube currency='USD' rate='1.2000'/>
    <Cube currency='CNY' rate='8.4001'/>
  </Cube></Cube>
</gesmes:Envelope>`),
      },
      quotes: [{ name: 'usdcny', at: new Date('2030-01-15T15:00:00Z'), price: '7.000083' }],
    },
  ],
} satisfies Feed

function cubesOf(body: Body): { dates: string[]; rates: Map<string, string> } {
  const dates: string[] = []
  const rates = new Map<string, string>()
  let cubes = 0
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw new NotUnderstood(`not the XML that was expected: ${error.message}`)
  })
  parser.on('doctype', () => {
    throw new NotUnderstood('a document type is not expected here: it could define entities')
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (name !== 'Cube') return
    cubes++
    if (attributes['time']) dates.push(attributes['time'])
    if (attributes['currency']) rates.set(attributes['currency'], attributes['rate'] ?? '')
  })
  parser.write(pageText(body)).close()
  if (cubes === 0) throw new NotUnderstood('no Cube in the page')
  return { dates, rates }
}
