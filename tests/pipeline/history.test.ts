import { expect, test } from 'vitest'
import { verifyAll } from '../../src/parity.ts'
import { openWorld, pollAt, quote, SILVER } from '../world.ts'

const RULE = SILVER.slice(SILVER.indexOf('    measure:'))
const over = (measure: string, raise: string, clear: string) =>
  SILVER.replace(RULE, RULE.replace('as_quoted_usd', measure).replace('5.50', raise).replace('5.00', clear))

test('a change over an hour raises, shows its value while it lasts, and clears, across a restart', async () => {
  const texts = { 'metals/silver.yaml': over('{ change: as_quoted_usd, over: 1h }', '2', '1') }
  await using world = await openWorld('2026-01-29T03:00:00Z', texts)
  // 10000 CNY/kg is 44.43 USD/oz at 7 CNY for a dollar
  for (const [time, west] of [
    ['03:00', '43.00'],
    ['03:40', '38.00'],
    ['04:00', '40.00'],
    ['04:30', '37.50'],
    ['04:40', '39.00'],
  ] as const) {
    quote(world, time, { 'sina/ag-td': '10000', 'sina/xag': west, 'sina/usdcny': '7' })
    await pollAt(world, time)
    await world.restart({})
    const open = await world.rows<{ value: string }>(
      'select value::text from metalgap.breaches where cleared_at is null',
    )
    expect([time, ...open.map(({ value }) => value)]).toEqual(SHOWN[time])
  }
  const told = await world.rows<{ kind: string; value: string; measure: string; unit: string }>(
    `select type as kind, message->'data'->>'value' as value, message->'data'->>'measure' as measure,
       message->'data'->>'unit' as unit
     from metalgap.deliveries where type ~ '^breach' order by sequence`,
  )
  const same = { measure: 'change(as_quoted_usd, 1h)', unit: 'USD/oz' }
  expect(told).toEqual([
    { kind: 'breach.raised', value: '3.000000', ...same },
    { kind: 'breach.cleared', value: '-1.000000', ...same },
  ])
  expect(await world.rows('select measure, raise::text from reporting.breaches')).toEqual([
    { measure: same.measure, raise: '2' },
  ])
})

/** The open breach at each time: at 04:30 the reference is 03:00 still, at 04:40 that of 03:40. */
const SHOWN: Record<string, string[]> = {
  '03:00': ['03:00'],
  '03:40': ['03:40'],
  '04:00': ['04:00', '3.000000'],
  '04:30': ['04:30', '5.500000'],
  '04:40': ['04:40'],
}

test('a rule that is new or edited begins with the premiums that are stored, and its state passes the check', async () => {
  await using world = await openWorld('2026-01-29T03:00:00Z')
  const live = async (time: string, west: string) => {
    quote(world, time, { 'sina/ag-td': '10000', 'sina/xag': west, 'sina/usdcny': '7' })
    await pollAt(world, time)
  }
  await live('03:00', '43.00')
  await live('03:40', '42.80')
  await world.restart({ 'metals/silver.yaml': over('{ change: as_quoted_usd, over: 1h }', '2', '1') })
  await live('04:00', '40.00')
  const raised = 'select measure, round(value, 2)::text as value from metalgap.breaches order by raised_at'
  expect(await world.rows(raised)).toEqual([{ measure: 'change(as_quoted_usd, 1h)', value: '3.00' }])
  await world.restart({ 'metals/silver.yaml': over('{ change: as_quoted_usd, over: 30m }', '2', '1') })
  await live('04:10', '39.90')
  expect((await world.rows(raised)).slice(1)).toEqual([
    { measure: 'change(as_quoted_usd, 30m)', value: '2.90' },
  ])
  await live('04:50', '39.90')
  expect((await verifyAll(world.context)).map(({ differences }) => differences)).toEqual([[]])
})
