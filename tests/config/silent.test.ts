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

test('a pair is warned of whose prices are too old by the time their source publishes them', async () => {
  const east = 'east: { series: sina/ag-td, max_age: 45m }'
  const late = '{ series: sge-delayed/ag-td, max_age: 15m }'
  expect(await warningsOf(east, `east: ${late}`)).toEqual([
    'pair silver-live is never compared: too old when it comes is sge-delayed/ag-td (published after 15 min, max_age 15 min); raise its max_age',
  ])
  expect(await warningsOf(east, `east: ${late.replace('15m', '16m')}`)).toEqual([])
  expect(await warningsOf(east, `east: [${late}, { series: sina/ag-td, max_age: 45m }]`)).toEqual([])
})

test('a pair is warned of that is stale again before its feed is asked again', async () => {
  const feeds = (schedule: string) => `feeds: { sina: { schedule: "${schedule}" } }\n`
  expect(await warningsOf(MEASURE, MEASURE, feeds('0 */6 * * *'))).toEqual([
    'pair silver-live is stale between any two polls of sina/ag-td (max_age 45 min), sina/xag (max_age 5 min), sina/usdcny (max_age 30 min); raise its max_age, or poll its feed more often',
  ])
  const [warning] = await warningsOf(MEASURE, MEASURE, feeds('*/10 * * * *'))
  expect(warning).toMatch('polls of sina/xag (max_age 5 min);')
  expect(await warningsOf(MEASURE, MEASURE, feeds('0,5 9-15 * * mon-fri'))).toEqual([])
})

const BOUNDS = 'measure: as_quoted_usd\n    direction: above\n    raise: 5.50\n    clear: 5.00'

test.for([
  ['as_quoted_pct', 'above', '100.5', '5', 'at 100.5 %'],
  ['ex_tax_pct', 'above', '101', '5', 'at 101 %'],
  ['as_quoted_pct', 'below', '-51', '-5', 'at -51 %'],
  ['as_quoted_pct', 'above', '100', '5', null],
  ['as_quoted_pct', 'below', '-50', '-5', null],
  ['ex_tax_pct', 'below', '-51', '-5', null],
  ['as_quoted_usd', 'above', '500', '5', null],
] as const)(
  'a rule on %s %s %s, where -50 to 100 percent are believed, is warned of where that is never reached',
  async ([measure, direction, raise, clear, told]) => {
    const bounds = `measure: ${measure}\n    direction: ${direction}\n    raise: ${raise}\n    clear: ${clear}`
    const warnings = await warningsOf(BOUNDS, bounds)
    expect(warnings).toHaveLength(told === null ? 0 : 1)
    if (told !== null)
      expect(warnings[0]).toMatch(`rule silver-gap never raises ${told}: of silver-live only`)
  },
)

test('a level that is never reached is warned of by itself', async () => {
  const levels =
    'measure: as_quoted_pct\n    levels: [{ raise: 50, clear: 40, severity: critical }, { raise: 120, clear: 110, severity: critical }]'
  expect((await warningsOf(MEASURE, levels))[0]).toMatch(/^rule silver-gap never raises at 120 %/)
})

test('a rule that is disabled needs no warning', async () => {
  expect(await warningsOf(MEASURE, 'measure: landed_usd\n    enabled: false')).toEqual([])
})
