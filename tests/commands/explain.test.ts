import { describe, expect, test } from 'vitest'
import { explainBreach } from '../../src/explain/breach.ts'
import { breachText } from '../../src/explain/breach-text.ts'
import { type ExplainedPremium, explainPremium } from '../../src/explain/premium.ts'
import { premiumText } from '../../src/explain/premium-text.ts'
import { CALM, DAY } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER, type World } from '../world.ts'
import { redo } from './calculator.ts'

async function explained(world: World, premium_id = 1): Promise<ExplainedPremium> {
  const premium = await explainPremium(world.database, premium_id)
  if (premium === null) throw new Error(`no premium ${premium_id}`)
  return premium
}

describe('a pocket calculator', () => {
  test.for([
    ['7000.00', '30.00', '7.0000'],
    ['30125', '117.40', '6.9512'],
    ['8113.37', '29.999', '7.1903'],
    ['6999.99', '31.07', '7.3333'],
    ['7001', '33.3333', '6.75'],
  ] as const)('gets the stored premium of %s CNY/kg over %s USD/oz at %s again', async ([east, west, fx]) => {
    await using world = await openWorld(DAY)
    quote(world, '02:00', { 'sina/ag-td': east, 'sina/xag': west, 'sina/usdcny': fx })
    await pollAt(world, '02:00:05')
    const [stored] = await world.rows(
      'select east_usd::text, as_quoted_usd::text, as_quoted_pct::text, ex_tax_usd::text, ex_tax_pct::text from reporting.premiums',
    )
    const printed = redo(premiumText(await explained(world)))
    expect(printed).toEqual({
      east: stored?.['east_usd'],
      west: expect.anything(),
      'as quoted': stored?.['as_quoted_usd'],
      'as quoted, percent of west': stored?.['as_quoted_pct'],
      'east without the tax': expect.anything(),
      'ex tax': stored?.['ex_tax_usd'],
      'ex tax, percent of west': stored?.['ex_tax_pct'],
    })
  })
})

test('a premium names its prices as published, their pages with hash and status, and where in the page they stand', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  await pollAt(world, '02:00:09')
  quote(world, '02:00:10', { 'sina/xag': '30.50' })
  await pollAt(world, '02:00:15')
  const { east, west, fx } = (await explained(world, 2)).legs
  expect(east).toMatchObject({
    series: 'sina/ag-td',
    price: '7000.00',
    age_ms: 15_000,
    max_age_ms: 2_700_000,
  })
  expect(west).toMatchObject({ price: '30.50', payload: { fetch_id: 3, status: 200, hash_agrees: true } })
  expect(fx?.payload).toMatchObject({ fetch_id: 1, read_again: true, derivation: null })
  expect(west.payload?.excerpts).toEqual([
    {
      before: expect.stringMatching(/hq_str_hf_XAG="$/),
      figure: '30.50',
      after: expect.stringMatching(/^,/),
    },
  ])
  expect(fx?.payload?.excerpts[0]?.after).toContain('在岸人民币')
})

test('of a price that stands in the page many times the one is shown that counts', async () => {
  const east = SILVER.replace('sina/ag-td', 'sge-delayed/ag-td').replace('max_skew: 5m', 'max_skew: 30m')
  await using world = await openWorld(DAY, { 'metals/silver.yaml': east })
  for (const minute of ['02:00', '02:01', '02:02']) quote(world, minute, { 'sge-delayed/ag-td': '7000' })
  quote(world, '02:17', { 'sina/xag': '30.00', 'sina/usdcny': '7.0000' })
  await pollAt(world, '02:17:30', 'sina', 'sge-delayed')
  const { payload } = (await explained(world)).legs.east
  expect(payload?.excerpts).toHaveLength(1)
  expect(payload?.excerpts[0]?.before).toContain('"7000","')
  expect(payload?.excerpts[0]?.after).not.toContain('7000')
})

test('of a rate that is computed from two figures of its page both are shown, and the division', async () => {
  const daily = SILVER.replace('sina/usdcny, max_age: 30m', 'ecb/usdcny, max_age: 5d')
  await using world = await openWorld('2026-03-03T00:00:00Z', { 'metals/silver.yaml': daily })
  world.prices.push({ series: 'ecb/usdcny', at: Date.parse('2026-03-02T15:00:00Z'), price: '6.9462' })
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05', 'ecb', 'sina')
  const { fx } = (await explained(world)).legs
  expect(fx?.payload?.excerpts.map(({ figure }) => figure)).toEqual(['1', '6.9462'])
  expect(fx?.payload?.derivation).toBe('6.9462 / 1 = 6.946200')
})

test('a number that was tampered with in the database is found', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  await world.rows(`update metalgap.premiums set as_quoted_usd = 1.103478`)
  const premium = await explained(world)
  expect(premium.agrees).toBe(false)
  expect(premiumText(premium).join('\n')).toContain('rounded 1.103477, STORED AS 1.103478')
})

test('the tax says its basis, the rate and since when, and which configuration said so', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  const premium = await explained(world)
  expect(premium.tax).toMatchObject({ basis: 'inclusive', rate: 0.13, since: '2019-04-01' })
  expect(premium.configuration_hash).toBe(world.context.config.version)
  expect(premium.rules).toMatchObject([{ rule: 'silver-gap', is: 'clear', value: '1.103477' }])
})

test('a breach tells its hold, its steps with their prices, who was told and what it costs', async () => {
  const text = SILVER.replace('clear: 5.00', 'clear: 5.00\n    for: 1m').concat(
    'exposures:\n  paste: { amount: 1000, unit: oz, per: year, pair: silver-live }\n',
  )
  await using world = await openWorld(DAY, { 'metals/silver.yaml': text })
  quote(world, '02:00', CALM)
  for (const time of ['02:01', '02:02', '02:03']) quote(world, time, { ...CALM, 'sina/ag-td': '8100.00' })
  quote(world, '02:05', CALM)
  for (const time of ['02:00:05', '02:01:05', '02:02:05', '02:05:05']) await pollAt(world, time)
  const [row] = await world.rows('select breach_id, delivery_id from metalgap.deliveries order by sequence')
  const breach = await explainBreach(world.database, row?.['breach_id'] ?? '')
  expect(breach).toMatchObject({
    ...{ rule: 'silver-gap', state: 'cleared', raise: '5.50', unit: 'USD/oz' },
    hold: { for_ms: 60_000, lasted_ms: 60_000 },
    transitions: [{ kind: 'raised' }, { kind: 'cleared' }],
    exposures: [{ name: 'paste', cost_usd: '5991.17', per: 'year' }],
    raised_by: { agrees: true, led_to: [{ kind: 'raised', sequence: 1 }] },
  })
  expect(breach?.hold.observations.map(({ value }) => value).at(-1)).toBe('5.991166')
  expect(breach?.transitions[0]?.deliveries).toMatchObject([
    { channel: 'terminal', state: 'pending', attempts: [] },
  ])
  expect(breach && breachText(breach).join('\n')).toContain(
    'STEP 2    cleared (cleared) 2026-03-02 02:05:00Z',
  )
  const byDelivery = await explainBreach(world.database, row?.['delivery_id'] ?? '')
  expect(byDelivery?.breach_id).toBe(breach?.breach_id)
})

test('a breach of a measure over history shows its value at every price of the hold', async () => {
  const jump = SILVER.replace('measure: as_quoted_usd', 'measure: { change: as_quoted_usd, over: 1h }')
    .replace('raise: 5.50', 'raise: 2')
    .replace('clear: 5.00', 'clear: 1\n    for: 2m')
  await using world = await openWorld(DAY, { 'metals/silver.yaml': jump })
  for (const [time, west] of [
    ['01:00', '43.00'],
    ['02:00', '40.00'],
    ['02:01', '39.90'],
    ['02:02', '39.80'],
  ] as const) {
    quote(world, time, { 'sina/ag-td': '10000', 'sina/xag': west, 'sina/usdcny': '7' })
    await pollAt(world, time)
  }
  const [{ breach_id = '' } = {}] = await world.rows('select breach_id from metalgap.breaches')
  const breach = await explainBreach(world.database, breach_id)
  if (breach === null) throw new Error('no breach')
  expect(breach).toMatchObject({ measure: 'change(as_quoted_usd, 1h)', unit: 'USD/oz', value: '3.200000' })
  const text = breachText(breach).join('\n')
  expect(text).toMatch(/BOUNDS {4}change\(as_quoted_usd, 1h\) above 2 raises, 1 clears \(USD\/oz\)/)
  expect(breach.hold.observations.map(({ value }) => value)).toEqual(['3.000000', '3.100000', '3.200000'])
  expect(text).toMatch(/02:01:00Z {2}3\.100000 {2}premium 3/)
})

test('two observations of the same prices with another rate each keep their own value', async () => {
  const list = '[{ series: sina/ag-td, max_age: 45m }, { series: sge-delayed/ag-td, max_age: 45m }]'
  const jump = SILVER.replace('measure: as_quoted_usd', 'measure: { change: as_quoted_usd, over: 1h }')
    .replace('{ series: sina/ag-td, max_age: 45m }', list)
    .replace('raise: 5.50', 'raise: 2')
    .replace('clear: 5.00', 'clear: 1\n    for: 1m')
  await using world = await openWorld(DAY, { 'metals/silver.yaml': jump })
  quote(world, '00:50', { 'sina/ag-td': '10000', 'sina/xag': '43.00', 'sina/usdcny': '7' })
  await pollAt(world, '00:50')
  quote(world, '02:00', { 'sina/ag-td': '10000', 'sina/xag': '38.00' })
  quote(world, '01:50', { 'sina/usdcny': '7' })
  await pollAt(world, '02:00')
  const exchange = (time: string) => {
    const at = Date.parse(`2026-03-02T${time}Z`)
    world.prices.push({ series: 'sge-delayed/ag-td', at, price: '10000', known_at: at })
  }
  // what Sina says is not believed for a minute, and its rate of then comes late
  exchange('02:00:00')
  quote(world, '01:58', { 'sina/usdcny': '7.05' })
  quote(world, '02:01', { 'sina/ag-td': '100000' })
  await pollAt(world, '02:01', 'sina', 'sge-delayed')
  world.prices.pop()
  await pollAt(world, '02:02')
  exchange('02:00:10')
  await pollAt(world, '02:02:10', 'sge-delayed')
  quote(world, '02:03', { 'sina/ag-td': '10000', 'sina/xag': '38.00' })
  await pollAt(world, '02:03')
  const [{ breach_id = '' } = {}] = await world.rows('select breach_id from metalgap.breaches')
  const breach = await explainBreach(world.database, breach_id)
  expect(breach?.hold.observations.map(({ value }) => value)).toEqual([
    '5.000000',
    ...['4.684869', '4.684869', '4.684869'],
  ])
})
