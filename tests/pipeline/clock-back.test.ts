/** Prices are told in the order in which they were polled, whatever the clock says of it. */
import { expect, test } from 'vitest'
import { verifyAll } from '../../src/parity.ts'
import { openWorld, pollAt, quote } from '../world.ts'

test('A clock that is set back while a breach is raised tells each raise and each clear, and a replay tells them again', async () => {
  await using world = await openWorld('2026-03-02T10:00:00Z')
  let back = 0
  world.context.now = () => new Date(world.clock.now().getTime() - back)
  const live = async (time: string, east: string) => {
    quote(world, time, { 'sina/ag-td': east, 'sina/xag': '30.00', 'sina/usdcny': '7.0000' })
    await pollAt(world, time)
  }
  await live('10:00', '7000')
  await live('10:01', '8300')
  back = 100_000
  await live('10:02', '8310')
  await live('10:03', '7000')
  await live('10:04', '8300')
  back = 0
  await live('10:05', '7000')
  expect(
    await world.rows(
      `select kind, to_char(t.time at time zone 'UTC', 'HH24:MI') as time from metalgap.transitions t order by premium_id`,
    ),
  ).toEqual([
    { kind: 'raised', time: '10:01' },
    { kind: 'cleared', time: '10:03' },
    { kind: 'raised', time: '10:04' },
    { kind: 'cleared', time: '10:05' },
  ])
  expect(await verifyAll(world.context)).toMatchObject([{ transitions: 4, differences: [] }])
})
