/** A price that looks like one in another unit is believed when somebody says so, and not before. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, pollAt, quote, SILVER, type World } from '../world.ts'
import { openTerminal, type Terminal } from './terminal.ts'

// 2.2 times as much looks like pounds for kilograms; the premium stays within its bounds
const WIDE = SILVER.replace('[-50%, 100%]', '[-90%, 900%]')

let world: World
let terminal: Terminal
beforeEach(async () => {
  world = await openWorld('2026-03-02T00:00:00Z', { 'metals/silver.yaml': WIDE })
  quote(world, '02:00', { 'sina/ag-td': '8100.00', 'sina/xag': '30.00', 'sina/usdcny': '7.0000' })
  await pollAt(world, '02:00:05')
  for (const minute of ['02:01', '02:02', '02:03', '02:04']) await quoteAt(minute, '17857.44')
  terminal = openTerminal({ 'metals/silver.yaml': WIDE }, { DATABASE_URL: world.database.url })
})
afterEach(async () => {
  terminal[Symbol.dispose]()
  await world[Symbol.asyncDispose]()
})

async function quoteAt(minute: string, east: string): Promise<void> {
  quote(world, minute, { 'sina/ag-td': east, 'sina/xag': '30.00', 'sina/usdcny': '7.0000' })
  await pollAt(world, `${minute}:05`)
}

async function standing(): Promise<string[]> {
  const states = await world.rows<{ state: string }>(
    'select state from reporting.comparability where until is null',
  )
  return states.map(({ state }) => state)
}

test('four polls do not confirm it; metalgap feed accept does, for the next poll', async () => {
  expect(await standing()).toEqual(['implausible'])
  const { code, stderr } = await terminal.metalgap('feed', 'accept', 'sina/ag-td')
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      'sina/ag-td: 17857.44 is accepted, 8100 was the last good price. The next poll that brings it is believed.\n',
  })
  await quoteAt('02:05', '17900.00')
  expect(await standing()).toEqual(['comparable'])
  const prices = await world.rows(
    `select price::text, quarantined from reporting.price_revisions where series = 'sina/ag-td' and revision = 1
     order by time desc limit 2`,
  )
  expect(prices).toEqual([
    { price: '17900.00', quarantined: false },
    { price: '17857.44', quarantined: true },
  ])
})

test('a page that has not changed since is believed too', async () => {
  expect((await terminal.metalgap('feed', 'accept', 'sina')).code).toBe(0)
  await pollAt(world, '02:04:35')
  expect(await standing()).toEqual(['comparable'])
})

test('it says on stdout with --json what it accepted, and with exit code 1 that nothing waits', async () => {
  const accept = (...args: string[]) => terminal.metalgap('feed', 'accept', ...args)
  expect(JSON.parse((await accept('sina/ag-td', '--json')).stdout)).toEqual({
    series: 'sina/ag-td',
    price: '17857.44',
    before: '8100',
  })
  expect(await accept('sina/ag-td')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no price waits'),
  })
  expect(await accept('sina/ag-tt')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"sina/ag-td"'),
  })
  expect(await accept()).toMatchObject({ code: 2 })
  expect(await terminal.metalgap('feed', 'sina', 'sina/xag')).toMatchObject({ code: 2, stdout: '' })
})
