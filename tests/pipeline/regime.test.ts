/** What the regime owes a receiver beyond the ordinary: whose fault burns attempts, and who waits for whom. */
import { expect, test } from 'vitest'
import { deliver } from '../../src/deliver.ts'
import { poll } from '../../src/pipeline.ts'
import { claim } from '../../src/store/claims.ts'
import { dueDeliveries } from '../../src/store/deliveries.ts'
import { openWorld, quote, SILVER } from '../world.ts'
import { openDesk, SECRET } from './desk.ts'
import { startDestination } from './destination.ts'

const MINUTE = 60_000

test('a process that stops before it has written the request uses up no attempt', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  desk.context.life = AbortSignal.abort()
  expect((await desk.send(due)).is).toBe('retry')
  expect(risk.received).toEqual([])
  expect(await desk.attempts(due)).toEqual(['unsent'])
})

test('a worker that was stalled until its lease had nearly run out sends nothing: another may be about to', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  const { now } = desk.context
  let looks = 0
  // it looks at the clock when it claims; whenever it looks again, 50 s have gone by
  desk.context.now = () => new Date(now().getTime() + (looks++ > 0 ? 50_000 : 0))
  expect((await desk.send(due)).is).toBe('retry')
  expect(risk.received).toEqual([])
  expect(await desk.attempts(due)).toEqual(['unsent'])
})

test('a process that delivers claims an alert where it raises it, and sends it without another commit', async () => {
  await using risk = await startDestination()
  const channels = `channels: { risk: { kind: webhook, url: ${risk.url}, secrets: [${SECRET}] } }\noperators: [risk]\n`
  const texts = { 'channels.yaml': channels, 'metals/silver.yaml': SILVER.replace('terminal', 'risk') }
  await using world = await openWorld('2026-01-29T03:00:00Z', texts)
  world.context.sender = { room: () => 1 }
  quote(world, '03:00', { 'sina/ag-td': '10000', 'sina/xag': '38.00', 'sina/usdcny': '7' })
  const deliveries = await poll(world.context, { feed: 'sina', slot: world.clock.now() })
  expect(deliveries).toMatchObject([{ channel: 'risk', claimed: { attempts: 1, maybe_repeated: false } }])
  const kept = 'select outcome, xmin::text as commit from metalgap.'
  const [attempt] = await world.rows(`${kept}attempts`)
  expect(attempt).toEqual({ ...attempt, outcome: 'started' })
  expect(await world.rows(`select xmin::text as commit from metalgap.transitions`)).toEqual([
    { commit: attempt?.['commit'] },
  ])
  for (const due of deliveries) expect((await deliver(world.context, due)).is).toBe('delivered')
  expect(risk.received.length).toBe(1)
})

test('however many pairs raise an alert at once, no more is claimed than has a place', async () => {
  await using risk = await startDestination()
  const channels = `channels: { risk: { kind: webhook, url: ${risk.url}, secrets: [${SECRET}] } }\noperators: [risk]\n`
  const silver = SILVER.replace('terminal', 'risk')
    .replace(/^ {2}silver-live:\n( {4}.*\n)+/m, (pair) => pair + pair.replace('live', 'too'))
    .replace(
      /^ {2}silver-gap:\n( {4}.*\n)+/m,
      (rule) => rule + rule.replace('gap', 'rift').replace('live', 'too'),
    )
  const texts = { 'channels.yaml': channels, 'metals/silver.yaml': silver }
  await using world = await openWorld('2026-01-29T03:00:00Z', texts)
  world.context.sender = { room: () => 1 }
  quote(world, '03:00', { 'sina/ag-td': '10000', 'sina/xag': '38.00', 'sina/usdcny': '7' })
  const deliveries = await poll(world.context, { feed: 'sina', slot: world.clock.now() })
  expect(deliveries.map(({ claimed }) => claimed !== undefined)).toEqual([true, false])
})

test('workers that die use up no attempt of the receiver', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  for (let death = 0; death < 3; death++) {
    const { delivery_id } = due
    await claim(desk.context.database, { delivery_id, now: desk.context.now(), min_gap_ms: 0 })
    desk.wait(MINUTE)
  }
  risk.react({ status: 500 })
  const { next } = await desk.send(due)
  const wait = (next[0]?.at.getTime() ?? 0) - desk.context.now().getTime()
  expect(wait).toBeLessThan(6_000)
  expect(await desk.attempts(due)).toEqual(['abandoned', 'abandoned', 'abandoned', 'retry'])
})

test.for([502, 504])(
  'a gateway that answers %i may have passed it on: the next attempt says so',
  async (status) => {
    await using risk = await startDestination()
    await using desk = await openDesk({ risk: risk.url })
    const due = await desk.write('risk')
    risk.react({ status })
    await desk.send(due)
    desk.wait(6_000)
    await desk.send(due)
    expect(risk.received[1]?.headers['metalgap-maybe-repeated']).toBe('true')
  },
)

test('a chat that answers 200 without its ok may have shown it: the next attempt says so', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const due = await desk.write('chat')
  chat.react({ status: 200, body: '' })
  expect((await desk.send(due)).is).toBe('retry')
  desk.wait(6_000)
  await desk.send(due)
  expect(chat.received[1]?.body).toContain('sent again')
})

test('a channel with a thousand waiting deliveries leaves room in the sweep for the others', async () => {
  await using desk = await openDesk({})
  await desk.context.database.query(
    `insert into metalgap.deliveries (delivery_id, channel, subject, sequence, type, severity, message, created_at, next_attempt_at)
     select gen_random_uuid(), 'risk', 'many ' || n, 1, 'breach.raised', 'warning', '{}', $1, $1
     from generate_series(1, 1000) n`,
    [desk.context.now()],
  )
  desk.wait(1_000)
  const other = await desk.write('ops')
  const due = await dueDeliveries(desk.context.database, desk.context.now(), 500)
  expect(due.map(({ delivery_id }) => delivery_id)).toContain(other.delivery_id)
})
