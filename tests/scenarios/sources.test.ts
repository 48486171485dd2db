/** What goes wrong at the sources and with time. The numbers are those of docs/reliability.md. */
import { expect, test } from 'vitest'
import { evaluate } from '../../src/pipeline.ts'
import { slotsBetween } from '../../src/slots.ts'
import { watchSilences } from '../../src/sweep/silences.ts'
import { addSilence } from '../../src/telling/silencing.ts'
import { CALM, DAY, WIDE } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER, type World } from '../world.ts'

test('Scenario 4: the same tick again is no observation, so that it cannot fill a hold', async () => {
  const held = SILVER.replace('severity:', 'for: 1m\n    min_samples: 3\n    severity:')
  await using world = await openWorld(DAY, { 'metals/silver.yaml': held })
  quote(world, '02:00', WIDE)
  for (const minute of ['02:00', '02:01', '02:02', '02:03']) await pollAt(world, `${minute}:05`)
  expect(await world.rows('select from metalgap.ticks')).toHaveLength(3)
  expect(await breaches(world)).toEqual([])
})

test('Scenario 5: a tick that arrives out of order is kept as history and moves nothing', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:05', CALM)
  await pollAt(world, '02:05:05')
  world.prices.length = 0
  quote(world, '02:03', WIDE)
  await pollAt(world, '02:06:05')
  expect(await world.rows("select from reporting.prices where series = 'sina/ag-td'")).toHaveLength(2)
  expect(await breaches(world)).toEqual([])
})

test('Scenario 6: zero, negative, ten times too much, and kilograms for ounces neither raise nor clear', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', WIDE)
  await pollAt(world, '02:00:05')
  const wrong = ['0.00', '-8100.00', '81000.00', '8100000.00', '251.94']
  for (const [i, price] of wrong.entries()) {
    quote(world, `02:0${i + 1}`, { ...CALM, 'sina/ag-td': price })
    await pollAt(world, `02:0${i + 1}:05`)
    expect(await breaches(world), price).toEqual(['raised'])
  }
  expect(await world.rows('select from reporting.transitions')).toHaveLength(1)
})

test('Scenario 7: a frozen feed goes stale, and what was raised stays raised', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', WIDE)
  world.exchanges.faults.set('sina', 'frozen')
  await pollAt(world, '02:00:05')
  for (const minute of ['02:02', '02:04', '02:06', '02:08']) {
    quote(world, minute, CALM)
    await pollAt(world, `${minute}:05`)
  }
  await evaluate(world.context, 'silver-live')
  expect(await world.rows('select comparability from reporting.premiums_latest')).toEqual([
    { comparability: 'stale' },
  ])
  expect(await breaches(world)).toEqual(['raised'])
})

test('Scenario 8: one leg that moves while the other is stale makes no premium', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  quote(world, '02:10', { 'sina/ag-td': WIDE['sina/ag-td'] })
  await pollAt(world, '02:10:05')
  expect(await world.rows('select from metalgap.premiums')).toHaveLength(1)
  expect(await breaches(world)).toEqual([])
})

test('Scenario 9: London changes its clocks and Shanghai does not: noon in London moves by an hour there', () => {
  const noon = { feed: 'lbma', schedule: '0 12 * * *', zone: 'Europe/London' }
  const slots = [...slotsBetween(noon, new Date('2026-03-28T00:00Z'), new Date('2026-03-30T00:00Z'))]
  const inShanghai = ({ slot }: { slot: Date }) =>
    slot.toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai', timeStyle: 'short' })
  expect(slots.map(inShanghai)).toEqual(['20:00', '19:00'])
  const runs = (day: string) => {
    const gap = { feed: 'x', schedule: '30 1 * * *', zone: 'Europe/London' }
    return [...slotsBetween(gap, new Date(`${day}T00:00Z`), new Date(`${day}T12:00Z`))].length
  }
  expect([runs('2026-03-29'), runs('2026-10-25')]).toEqual([1, 1])
})

test.for([-10, 10])(
  'Scenario 10: a worker whose clock is %i minutes off raises and clears nothing that is not so',
  async (minutes) => {
    await using world = await openWorld(DAY)
    quote(world, '02:00', CALM)
    await pollAt(world, '02:00:05')
    const { now } = world.context
    quote(world, '02:20', WIDE)
    world.context.now = () => new Date(now().getTime() + minutes * 60_000)
    await pollAt(world, '02:20:05')
    expect(await breaches(world)).toEqual([])
    world.context.now = now
    quote(world, '02:21', WIDE)
    await pollAt(world, '02:21:05')
    quote(world, '02:22', WIDE)
    await pollAt(world, '02:22:05')
    expect(await breaches(world)).toEqual(['raised'])
  },
)

test('Scenario 18: a rule that is edited while it is raised closes with that reason and tells who heard of it', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', WIDE)
  await pollAt(world, '02:00:05')
  await world.restart({ 'metals/silver.yaml': SILVER.replace('5.50', '5.75') })
  await evaluate(world.context, 'silver-live')
  expect(await world.rows('select kind, reason from reporting.transitions order by sequence')).toEqual([
    { kind: 'raised', reason: 'first' },
    { kind: 'cleared', reason: 'rule-changed' },
  ])
  expect(await world.rows('select type from reporting.deliveries order by sequence')).toEqual([
    { type: 'breach.raised' },
    { type: 'breach.cleared' },
  ])
})

test('Scenario 18, the silence: one that runs out while alerts are raised ends in one summary, not in a replay', async () => {
  await using world = await openWorld(DAY)
  const wanted = { pair: null, rule: 'silver-gap', metal: null, severity: null, until_cleared: false }
  const until = new Date(world.clock.now().getTime() + 6 * 3_600_000)
  await addSilence(world.context, { ...wanted, until, who: 'ann', reason: 'we know' })
  for (const [i, prices] of [WIDE, CALM, WIDE, CALM, WIDE].entries()) {
    quote(world, `02:0${i}`, prices)
    await pollAt(world, `02:0${i}:05`)
  }
  world.clock.set(until)
  await watchSilences(world.context)
  await watchSilences(world.context)
  const rows = await world.rows(
    "select type, state from reporting.deliveries where type !~ '^feed|ending$' order by time, sequence",
  )
  expect(rows.map(({ type, state }) => `${type} ${state}`)).toEqual([
    ...['raised', 'cleared', 'raised', 'cleared', 'raised'].map((step) => `breach.${step} silenced`),
    'silence.ended pending',
  ])
})

async function breaches(world: World): Promise<unknown[]> {
  return (await world.rows('select state from metalgap.breaches')).map((row) => row['state'])
}
