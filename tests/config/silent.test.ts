import { expect, test } from 'vitest'
import { configFrom } from '../config.ts'
import { SILVER } from '../world.ts'

const BASE = { 'channels.yaml': 'channels: { terminal: { kind: console } }\n', 'metals/silver.yaml': SILVER }

/** The warnings of the small silver pair on Sina, with other words in its rule or its feeds. */
async function warningsOf(from: string, to: string, feeds = 'feeds: {}\n'): Promise<string[]> {
  expect(SILVER).toContain(from)
  const texts = { ...BASE, 'metals/silver.yaml': SILVER.replace(from, to), 'feeds.yaml': feeds }
  return (await configFrom(texts)).warnings
}

const MEASURE = 'measure: as_quoted_usd'

test('a rule on what is landed is warned of, plain or over history, because no pair can say it yet', async () => {
  const warning =
    'rule silver-gap never tells anything: no pair can say yet what is landed; measure ex_tax_pct instead'
  expect(await warningsOf(MEASURE, 'measure: landed_pct')).toEqual([warning])
  expect(await warningsOf(MEASURE, 'measure: { change: landed_pct, over: 1d }')).toEqual([warning])
})

test('a rule without tax is warned of where nothing says how much tax a price includes', async () => {
  const unknown = 'feeds: { sina: { series: { ag-td: { tax_basis: unknown } } } }\n'
  const [warning] = await warningsOf(MEASURE, 'measure: ex_tax_usd', unknown)
  expect(warning).toMatch(
    /^rule silver-gap tells nothing on sina\/ag-td: .* \(tax_basis\).* or measure as_quoted_usd$/,
  )
  expect(await warningsOf(MEASURE, 'measure: ex_tax_usd')).toEqual([])
  expect(await warningsOf(MEASURE, MEASURE, unknown)).toEqual([])
})

test('a pair is warned of whose feed is disabled, unless it is disabled itself or another source would do', async () => {
  const disabled = 'feeds: { sina: { enabled: false } }\n'
  expect(await warningsOf(MEASURE, MEASURE, disabled)).toEqual([
    'pair silver-live is never compared: feeds.yaml disables the feed of sina/ag-td, sina/xag, sina/usdcny; enable it, or disable the pair',
  ])
  expect(await warningsOf('max_skew: 5m', 'max_skew: 5m\n    enabled: false', disabled)).toEqual([])
  const east = 'east: { series: sina/ag-td, max_age: 45m }'
  const both = 'east: [{ series: sina/ag-td, max_age: 45m }, { series: sge-delayed/ag-td, max_age: 45m }]'
  expect(await warningsOf(east, both, 'feeds: { sge-delayed: { enabled: false } }\n')).toEqual([])
})

test('a rule that is disabled needs no warning', async () => {
  expect(await warningsOf(MEASURE, 'measure: landed_usd\n    enabled: false')).toEqual([])
})
