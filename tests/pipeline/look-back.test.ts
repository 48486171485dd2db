import { expect, test } from 'vitest'
import { openWorld, pollAt, quote } from '../world.ts'

interface Told {
  type: string
  previous: { value: string; at: string } | null
  values: (string | null)[]
}

test('a message tells what the value was before, and the shape of the hours that led to it', async () => {
  await using world = await openWorld('2026-01-29T03:00:00Z')
  // 10000 CNY/kg is 44.43 USD/oz at 7 CNY for a dollar
  for (const [time, west] of [
    ['03:00', '43.00'],
    ['04:00', '42.00'],
    ['05:00', '38.00'],
    ['05:10', '44.00'],
  ] as const) {
    quote(world, time, { 'sina/ag-td': '10000', 'sina/xag': west, 'sina/usdcny': '7' })
    await pollAt(world, time)
  }
  const told = await world.rows<Told>(
    `select type, message->'data'->'previous' as previous, message->'data'->'recent'->'values' as values
     from metalgap.deliveries where type ~ '^breach' order by sequence`,
  )
  expect(told.map(({ type }) => type)).toEqual(['breach.raised', 'breach.cleared'])
  const [raised, cleared] = told as [Told, Told]
  const premiums = await world.rows<{ value: string }>(
    'select as_quoted_usd::text as value from metalgap.premiums order by time',
  )
  const values = premiums.map(({ value }) => value)
  expect(raised.previous).toMatchObject({ value: values[1], at: '2026-01-29T04:00:00.000Z' })
  expect(raised.values.length).toBe(24)
  expect(raised.values.filter((value) => value !== null)).toEqual(values.slice(0, 3))
  expect(cleared.previous).toMatchObject({ value: values[2], at: '2026-01-29T05:00:00.000Z' })
  expect(cleared.values.at(-1)).toBe(values[3])
})
