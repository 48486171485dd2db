/** What goes wrong between the database, the worker and the receiver. The numbers are those of docs/reliability.md. */
import { Webhook } from 'standardwebhooks'
import { expect, test, vi } from 'vitest'
import { attempt } from '../../src/delivery/attempt.ts'
import { routeTo } from '../../src/delivery/route.ts'
import { evaluate, unfinished } from '../../src/pipeline.ts'
import { claim } from '../../src/store/claims.ts'
import { dueDeliveries } from '../../src/store/deliveries.ts'
import { openDesk, SECRET } from '../pipeline/desk.ts'
import { startDestination } from '../pipeline/destination.ts'
import { DAY, WIDE } from '../prices.ts'
import { openWorld, pollAt, quote } from '../world.ts'

test('Scenario 1: a crash after the commit, before the send: another worker finds it in Postgres and sends it once', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const { database, now } = desk.context
  const { delivery_id } = await desk.write('risk')
  await claim(database, { delivery_id, now: now(), min_gap_ms: 0 })
  expect(await dueDeliveries(database, now(), 10)).toEqual([])
  desk.wait(60_000)
  const [found] = await dueDeliveries(database, now(), 10)
  expect(found?.delivery_id).toBe(delivery_id)
  if (found) await desk.send(found)
  expect(await dueDeliveries(database, now(), 10)).toEqual([])
  expect(risk.received).toHaveLength(1)
})

test('Scenario 2: a receiver that says yes after our deadline gets the same id with a fresh time and signature, marked', async () => {
  await using risk = await startDestination()
  await using chat = await startDestination()
  await using desk = await openDesk({ risk: risk.url, chat: chat.url })
  const dues = [await desk.write('risk'), await desk.write('chat')]
  risk.react('hang')
  chat.react('hang')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const sending = dues.map((due) => desk.send(due))
  while (risk.open.length + chat.open.length < 2) await new Promise((resolve) => setImmediate(resolve))
  vi.advanceTimersByTime(15_000)
  vi.useRealTimers()
  await Promise.all(sending)
  for (const response of [...risk.open, ...chat.open]) response.writeHead(200).end('ok')
  desk.wait(6_000)
  for (const due of dues) expect((await desk.send(due)).is).toBe('delivered')
  const [first, second] = risk.received.map(({ headers }) => headers)
  expect(second?.['webhook-id']).toBe(first?.['webhook-id'])
  expect(second?.['webhook-timestamp']).not.toBe(first?.['webhook-timestamp'])
  expect(second?.['webhook-signature']).toBe(
    new Webhook(SECRET).sign(
      String(second?.['webhook-id']),
      new Date(Number(second?.['webhook-timestamp']) * 1000),
      risk.received[1]?.body ?? '',
    ),
  )
  expect(second?.['metalgap-maybe-repeated']).toBe('true')
  expect(JSON.parse(chat.received[1]?.body ?? '').text).toMatch(/again/)
})

test('Scenario 3: two replicas that evaluate the same tick write one transition', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', WIDE)
  world.clock.set(new Date('2026-03-02T02:00:05Z'))
  await Promise.all([
    world.poll('sina'),
    world.poll('sina'),
    evaluate(world.context, 'silver-live'),
    evaluate(world.context, 'silver-live'),
  ])
  expect(await world.rows('select kind, sequence::text from reporting.transitions')).toEqual([
    { kind: 'raised', sequence: '1' },
  ])
  expect(await world.rows('select from metalgap.deliveries')).toHaveLength(1)
  const again = `insert into metalgap.transitions select * from metalgap.transitions`
  await expect(world.database.query(again)).rejects.toThrow(/duplicate key/)
})

test('Scenario 17: a crash between the yes of the receiver and our note of it repeats the same id and bytes, and loses nothing', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const { context } = desk
  const due = await desk.write('risk')
  const { delivery_id } = due
  const claimed = await claim(context.database, { delivery_id, now: context.now(), min_gap_ms: 0 })
  const route = routeTo(context.config, 'risk')
  if (claimed === null || route === null) throw new Error('not claimed')
  await attempt(context, route, [claimed])
  desk.wait(60_000)
  expect((await desk.send(due)).is).toBe('delivered')
  const [first, second] = risk.received
  expect(second?.body).toBe(first?.body)
  expect(second?.headers).toMatchObject({
    'webhook-id': first?.headers['webhook-id'],
    'metalgap-maybe-repeated': 'true',
  })
})

test('Scenario 19: a database that goes away in the middle leaves all or nothing, and the queue is not needed to go on', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', WIDE)
  const { transaction } = world.database
  world.context.database.transaction = (work) =>
    transaction(async (client) => {
      const answer = await work(client)
      await client.query('select pg_terminate_backend(pg_backend_pid())')
      return answer
    })
  await expect(pollAt(world, '02:00:05')).rejects.toThrow()
  for (const table of ['fetches', 'ticks', 'premiums', 'breaches', 'transitions', 'deliveries'])
    expect(await world.rows(`select from metalgap.${table}`), table).toEqual([])
  world.context.database.transaction = transaction
  await pollAt(world, '02:00:05')
  const orphans = 'select from metalgap.transitions where premium_id is null'
  expect(await world.rows(orphans)).toEqual([])
  const { deliveries } = await unfinished(world.context)
  expect(deliveries).toHaveLength(1)
})
