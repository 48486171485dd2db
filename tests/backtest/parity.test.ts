import { expect, test } from 'vitest'
import { openContext } from '../../src/context.ts'
import { verifyAll, verifyNightly } from '../../src/parity.ts'
import { evaluate } from '../../src/pipeline.ts'
import { registerConfiguration } from '../../src/store/register.ts'
import { watchParity } from '../../src/sweep/parity.ts'
import { CHANNELS, configFrom } from '../config.ts'
import { gapAt, openWorld, pollAt, quote, SILVER, type World } from '../world.ts'

async function aStory(world: World): Promise<void> {
  await gapAt(world, '10:01', 4)
  await gapAt(world, '10:02', 6)
  await gapAt(world, '10:03', 4000)
  await pollAt(world, '10:04')
  // the source takes back what it said
  world.prices.splice(
    world.prices.findIndex(({ price }) => Number(price) > 100_000),
    1,
  )
  await pollAt(world, '10:05')
  await gapAt(world, '10:06', 5.2)
  await gapAt(world, '10:07', 4.5)
  await gapAt(world, '10:08', 7)
  await gapAt(world, '10:30', 6)
}

test('what was told live comes out again: transitions, their values and the state of every rule', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  await aStory(world)
  const [parity] = await verifyAll(world.context)
  expect(parity).toMatchObject({ pair: 'silver-live', transitions: 3, differences: [] })
  expect(await world.rows('select from metalgap.retold')).not.toEqual([])
})

test('a transition that is not what it was is found, and so is a price', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  await aStory(world)
  await world.rows("update metalgap.transitions set value = 9 where kind = 'cleared'")
  const [first] = await verifyAll(world.context)
  expect(first?.differences).toEqual([
    expect.stringMatching(
      /^stored silver-gap 2 cleared .* 9 cleared on .*, replayed .* 4\.5000\d\d cleared on /,
    ),
  ])
})

test.for([
  [
    "peak = 99 where state = 'cleared'",
    /in its record cleared warning 4\.5\d+, peak 99\.?\d*, at .*, replayed .*, peak 6\.0\d+, at/,
  ],
  [
    "severity = 'critical' where state = 'cleared'",
    /in its record cleared critical .*, replayed .* in its record cleared warning/,
  ],
  [
    "raised_at = raised_at - interval '1 hour' where state = 'cleared'",
    /since 2026-.*, replayed .* since 2026-/,
  ],
  [
    "peak = 99 where state = 'raised'",
    /^open breach of silver-gap: stored raised warning, peak 99\.?\d*, replayed raised warning, peak 7\./,
  ],
  [
    "state = 'cleared', cleared_at = now() where state = 'raised'",
    /^open breach of silver-gap: stored none, replayed raised/,
  ],
] as const)('a record of a breach that was changed is found: %s', async ([change, told]) => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  await aStory(world)
  expect(await verifyAll(world.context)).toMatchObject([{ differences: [] }])
  await world.rows(`update metalgap.breaches set ${change}`)
  const [parity] = await verifyAll(world.context)
  expect(parity?.differences).toEqual([expect.stringMatching(told)])
})

test('each night goes on where the last one stopped, and an edited rule begins a stretch of its own', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  await aStory(world)
  expect(await verifyNightly(world.context)).toMatchObject([{ transitions: 3, differences: [] }])
  await gapAt(world, '10:31', 4)
  expect(await verifyNightly(world.context)).toMatchObject([{ transitions: 1, differences: [] }])
  await world.restart({ 'metals/silver.yaml': SILVER.replace('raise: 5.50', 'raise: 5.60') })
  await gapAt(world, '10:32', 5.7)
  await gapAt(world, '10:33', 4)
  expect(await verifyNightly(world.context)).toMatchObject([{ transitions: 2, differences: [] }])
})

const JUMP = 'measure: { change: as_quoted_usd, over: 1h }'
const WINDOWED = SILVER.replace('measure: as_quoted_usd', JUMP)

test('a rule over history that has seen nothing yet is replayed as it is', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z', { 'metals/silver.yaml': WINDOWED })
  quote(world, '10:01', { 'sina/xag': '30.00' })
  await pollAt(world, '10:01')
  expect(await verifyAll(world.context)).toMatchObject([{ differences: [] }])
})

test('an edit that nothing has met yet is no difference, nor is one that was taken back', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  const edit = SILVER.replace('raise: 5.50', 'raise: 5.60')
  await aStory(world)
  await world.restart({ 'metals/silver.yaml': edit })
  expect(await verifyAll(world.context)).toMatchObject([{ differences: [] }])
  await gapAt(world, '10:32', 5.7)
  await gapAt(world, '10:33', 4)
  await world.restart({ 'metals/silver.yaml': SILVER })
  await gapAt(world, '10:34', 6)
  expect(await verifyAll(world.context)).toMatchObject([{ transitions: 1, differences: [] }])
})

test('one reminder that stands for several after a pause is no difference', async () => {
  const reminding = SILVER.replace('notify:', 'remind: 1h\n    notify:')
  await using world = await openWorld('2026-03-02T10:00:00Z', { 'metals/silver.yaml': reminding })
  await gapAt(world, '10:01', 6)
  await gapAt(world, '15:30', 6.1)
  expect(await verifyAll(world.context)).toMatchObject([{ transitions: 1, differences: [] }])
  await gapAt(world, '15:31', 4)
  expect(await verifyAll(world.context)).toMatchObject([{ transitions: 2, differences: [] }])
})

test('whoever looks with a configuration that is not in force changes nothing that a process lives by', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  await gapAt(world, '10:01', 6)
  const ours = world.context
  const other = await configFrom({
    'metals/silver.yaml': SILVER.replaceAll('silver-live', 'silver-other'),
    'channels.yaml': CHANNELS,
  })
  const configuration_id = await registerConfiguration(world.database, other)
  const looking = await openContext({ ...ours, config: other, configuration_id })
  expect(await verifyAll(looking)).toMatchObject([{ pair: 'silver-other', since: null }])
  await gapAt(world, '10:02', 4)
  expect(await verifyAll(ours)).toMatchObject([{ transitions: 2, differences: [] }])
})

test('a pair that had to catch up is replayed from there on', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  await gapAt(world, '10:01', 6)
  await world.rows("update metalgap.pairs set last_error = 'the engine failed'")
  await gapAt(world, '10:02', 4)
  await evaluate(world.context, 'silver-live')
  await gapAt(world, '10:03', 6)
  expect(await verifyAll(world.context)).toMatchObject([{ transitions: 1, differences: [] }])
})

test('the sweep asks once a day, whichever replica', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  await aStory(world)
  const checks = () => world.rows("select from metalgap.checkpoints where reason = 'verified'")
  // written_at is the database's clock, which the story's is behind
  await watchParity(world.context)
  await watchParity(world.context)
  expect(await checks()).toHaveLength(1)
})
