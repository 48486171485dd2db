import { expect, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import { registerMissing } from '../../src/store/register.ts'
import { openWorld, pollAt, quote, SILVER } from '../world.ts'

const IN_KG = { 'metals/silver.yaml': SILVER.replace('unit: oz', 'unit: kg') }

test('a pair that has premiums keeps its unit, for processes and for imports', async () => {
  await using world = await openWorld('2026-01-28T09:00:00Z')
  quote(world, '09:00', { 'sina/ag-td': '8000', 'sina/xag': '30.00', 'sina/usdcny': '7.0000' })
  await pollAt(world, '09:00')
  const refusal = {
    exitCode: 78,
    message: expect.stringMatching(
      /^unit of silver: kg, but the premiums of the pair silver-live are in USD\/oz\n/,
    ),
  }
  await expect(world.restart(IN_KG)).rejects.toMatchObject(refusal)
  const { config } = world.context
  const pair = config.pairs['silver-live'] as Config['pairs'][string]
  const other = { ...config, pairs: { 'silver-live': { ...pair, unit: 'kg' as const } } }
  await expect(registerMissing(world.database, other)).rejects.toMatchObject(refusal)
  expect(await world.rows('select distinct unit from reporting.premiums')).toEqual([{ unit: 'oz' }])
})

test('a pair without premiums may have another unit', async () => {
  await using world = await openWorld('2026-01-28T09:00:00Z')
  await world.restart(IN_KG)
  expect(await world.rows('select unit from metalgap.pairs')).toEqual([{ unit: 'kg' }])
})
