import { expect, test } from 'vitest'
import { verifyAll } from '../../src/parity.ts'
import { evaluate } from '../../src/pipeline.ts'
import { CALM, DAY } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER } from '../world.ts'

const LEVELS = `remind: 4h
    levels: [{ severity: critical, raise: 8.00, clear: 7.00, remind: 30m }]
    notify:`

test('what is critical is reminded of as often as its level says, and what has eased as often as the rule does', async () => {
  const silver = SILVER.replace('notify:', LEVELS).replaceAll(/max_age: \d+m/g, 'max_age: 1d')
  await using world = await openWorld(DAY, { 'metals/silver.yaml': silver })
  const price = async (time: string, shanghai: string) => {
    quote(world, time, { ...CALM, 'sina/ag-td': shanghai })
    await pollAt(world, `${time}:05`)
  }
  const lookAt = async (time: string) => {
    world.clock.set(new Date(`2026-03-02T${time}:10Z`))
    await evaluate(world.context, 'silver-live')
  }
  await price('02:00', '8900.00')
  for (const time of ['02:30', '03:00']) await lookAt(time)
  await price('03:10', '8100.00')
  for (const time of ['03:40', '06:59', '07:00', '11:00']) await lookAt(time)
  const told = await world.rows<Record<string, string>>(
    `select to_char(time at time zone 'UTC', 'HH24:MI') as at, kind, severity from reporting.transitions order by sequence`,
  )
  expect(told.map(({ at, kind, severity }) => `${at} ${kind} ${severity}`)).toEqual([
    '02:00 raised critical',
    '02:30 reminder critical',
    '03:00 reminder critical',
    '03:10 eased warning',
    '07:00 reminder warning',
    '11:00 reminder warning',
  ])
  expect(await verifyAll(world.context)).toMatchObject([{ differences: [] }])
})
