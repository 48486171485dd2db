/** A pair that goes out of force while a breach of it is raised. */
import { expect, test } from 'vitest'
import { verifyAll } from '../../src/parity.ts'
import { evaluate, unfinished } from '../../src/pipeline.ts'
import { DAY, WIDE } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER } from '../world.ts'

test.each([
  ['is disabled', SILVER.replace('  silver-live:', '  silver-live:\n    enabled: false')],
  ['is removed', 'metal: silver\ntitle: Silver\nunit: oz\n'],
])(
  'a pair that %s has its breaches closed and told, once; when it is back it begins anew',
  async (_, without) => {
    await using world = await openWorld(DAY)
    quote(world, '02:00', WIDE)
    await pollAt(world, '02:00:05')
    await world.restart({ 'metals/silver.yaml': without })
    expect((await unfinished(world.context)).pairs).toEqual(['silver-live'])
    const replicas = await Promise.all([1, 2].map(() => evaluate(world.context, 'silver-live')))
    expect(replicas.flat()).toHaveLength(1)
    expect((await unfinished(world.context)).pairs).toEqual([])
    await world.restart({ 'metals/silver.yaml': SILVER })
    quote(world, '02:01', WIDE)
    await pollAt(world, '02:01:05')
    expect(
      await world.rows(
        `select breaches.state, transitions.kind, transitions.reason, type from reporting.breaches
         join reporting.transitions using (breach_id) join reporting.deliveries using (breach_id, sequence)
       order by breaches.time, sequence`,
      ),
    ).toEqual([
      { state: 'cleared', kind: 'raised', reason: 'first', type: 'breach.raised' },
      { state: 'cleared', kind: 'cleared', reason: 'rule-removed', type: 'breach.cleared' },
      { state: 'raised', kind: 'raised', reason: 'on-start', type: 'breach.raised' },
    ])
    expect(await verifyAll(world.context)).toMatchObject([{ pair: 'silver-live', differences: [] }])
  },
)

test('what a pair out of force could be compared as ends with it, also where nothing is raised, and begins when it is back', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', { ...WIDE, 'sina/ag-td': '7000.00' })
  await pollAt(world, '02:00:05')
  world.clock.set(new Date('2026-03-02T02:03:00Z'))
  await world.restart({ 'metals/silver.yaml': 'metal: silver\ntitle: Silver\nunit: oz\n' })
  expect((await unfinished(world.context)).pairs).toEqual(['silver-live'])
  await evaluate(world.context, 'silver-live')
  expect((await unfinished(world.context)).pairs).toEqual([])
  await world.restart({ 'metals/silver.yaml': SILVER })
  quote(world, '04:00', WIDE)
  await pollAt(world, '04:00:05')
  expect(await world.rows('select state, time, until from reporting.comparability order by time')).toEqual([
    {
      state: 'comparable',
      time: new Date('2026-03-02T02:00:05Z'),
      until: new Date('2026-03-02T02:03:00Z'),
    },
    { state: 'comparable', time: new Date('2026-03-02T04:00:05Z'), until: null },
  ])
  expect(await verifyAll(world.context)).toMatchObject([{ pair: 'silver-live', differences: [] }])
})
