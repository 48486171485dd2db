/** Who waits for whom: deliveries that are due in one process. */
import { expect, test } from 'vitest'
import { poll } from '../../src/pipeline.ts'
import { claim } from '../../src/store/claims.ts'
import type { Due } from '../../src/store/deliveries.ts'
import { deliverJob, deliverJobOf } from '../../workers/deliver.ts'
import { type Outbox, openOutbox } from '../../workers/outbox.ts'
import { type Desk, openDesk, SECRET } from '../pipeline/desk.ts'
import { type Destination, startDestination } from '../pipeline/destination.ts'
import { openWorld, quote, SILVER } from '../world.ts'

test('a host has four exchanges at a time; what waits for it is not claimed, so that another process may send it', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  await using outbox = open(desk, risk)
  const all = await writeAll(desk, 'risk', 'abcdef')
  risk.react('hang', 'hang', 'hang', 'hang')
  outbox.take(all)
  await expect.poll(() => risk.open.length).toBe(4)
  const waiting = all.slice(4)
  for (const { delivery_id } of waiting)
    expect(
      await claim(desk.context.database, { delivery_id, now: desk.context.now(), min_gap_ms: 0 }),
    ).not.toBeNull()
  answer(risk)
  await expect.poll(() => outbox.size()).toBe(0)
  expect(idsOf(risk).sort()).toEqual(
    all
      .slice(0, 4)
      .map(({ delivery_id }) => delivery_id)
      .sort(),
  )
})

test('a burst to one host goes out at once, each delivery once and with two statements', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  await using outbox = open(desk, risk)
  const all = await writeAll(desk, 'risk', 'abcdefghijklmnopqrstuvwxyz')
  const { database } = desk.context
  let statements = 0
  let before: Promise<unknown> = Promise.resolve()
  const { query } = database
  // one at a time: an answer that is overtaken by others may name as next what has gone out since, and cost a third one
  database.query = <Row>(...given: Parameters<typeof query>) => {
    statements++
    const answer = before.then(() => query<Row>(...given))
    before = answer.catch(() => {})
    return answer
  }
  outbox.take(all)
  await expect.poll(() => risk.received.length).toBe(26)
  await expect.poll(() => outbox.size()).toBe(0)
  expect(new Set(idsOf(risk)).size).toBe(26)
  expect(statements).toBe(52)
})

test('what an overtaken answer names as next, though it has gone out since, does not go out again', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  await using outbox = open(desk, risk)
  const [first, second] = (await writeAll(desk, 'risk', 'ab')) as [Due, Due]
  const { database } = desk.context
  const { query } = database
  const overtaken = Promise.withResolvers<void>()
  let finished = false
  database.query = async <Row>(...given: Parameters<typeof query>) => {
    const answer = await query<Row>(...given)
    const [statement, values] = given
    const isFinish = typeof statement === 'object' && statement.name === 'finish-delivery'
    if (isFinish && values?.[0] === first.delivery_id) {
      expect(answer.rows).toMatchObject([{ next_id: second.delivery_id }])
      finished = true
      await overtaken.promise
    }
    return answer
  }
  outbox.take([first])
  await expect.poll(() => finished).toBe(true)
  outbox.take([second])
  await expect.poll(async () => (await desk.row(second))['state']).toBe('delivered')
  overtaken.resolve()
  await expect.poll(() => outbox.size()).toBe(0)
  expect(idsOf(risk)).toEqual([first.delivery_id, second.delivery_id])
  expect(await desk.attempts(second)).toEqual(['delivered'])
})

test('what is critical overtakes what waits for the same host', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  await using outbox = open(desk, risk)
  risk.react('hang', 'hang', 'hang', 'hang')
  outbox.take(await writeAll(desk, 'risk', 'abcdef'))
  const critical = await desk.write('risk', { subject: 'z', severity: 'critical' })
  outbox.take([critical])
  await expect.poll(() => risk.open.length).toBe(4)
  risk.open.shift()?.writeHead(200).end()
  await expect.poll(() => risk.received.length).toBeGreaterThan(4)
  expect(idsOf(risk)[4]).toBe(critical.delivery_id)
  answer(risk)
  await expect.poll(() => outbox.size()).toBe(0)
})

test('what is critical keeps its turn when it is tried again', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const critical = await desk.write('risk', { subject: 'z', severity: 'critical' })
  risk.react({ status: 500 })
  const [again] = (await desk.send(critical)).next
  expect(again).toMatchObject({ delivery_id: critical.delivery_id, urgent: true })
  desk.wait(60_000)
  await desk.write('risk', { subject: 'a' })
  const other = await desk.write('risk', { subject: 'b' })
  expect((await desk.send(other)).next).toMatchObject([{ delivery_id: critical.delivery_id, urgent: true }])
})

test('steps of one breach that are due together arrive in their order, each as soon as the one before it has', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  await using outbox = open(desk, risk)
  const steps: Due[] = []
  for (const sequence of [1, 2, 3, 4, 5]) steps.push(await desk.write('risk', { sequence }))
  outbox.take(steps)
  await expect.poll(() => idsOf(risk)).toEqual(steps.map(({ delivery_id }) => delivery_id))
})

test('hosts that hang delay nobody else in the same process', async () => {
  await using hosts = new AsyncDisposableStack()
  const start = async () => hosts.use(await startDestination())
  const hanging = [await start(), await start(), await start()]
  await using well = await startDestination()
  await using desk = await openDesk({ risk: well.url, hanging: hanging.map(({ url }) => url) })
  await using outbox = open(desk, ...hanging)
  for (const [i, host] of hanging.entries()) {
    host.react('hang', 'hang', 'hang', 'hang')
    outbox.take(await writeAll(desk, `hanging-${i}`, 'abcdefghijklmnopqrstuvwxyz'))
  }
  outbox.take([await desk.write('risk')])
  await expect.poll(() => well.received.length).toBe(1)
  await expect.poll(() => hanging.map(({ open }) => open.length)).toEqual([4, 4, 4])
})

test('a host that hangs takes no place of the queue: the job of a delivery ends when the delivery waits', async () => {
  await using hanging = await startDestination()
  await using well = await startDestination()
  await using desk = await openDesk({ risk: well.url, hanging: [hanging.url] })
  await using outbox = open(desk, hanging)
  const run = deliverJob(desk.context, outbox)
  hanging.react('hang', 'hang', 'hang', 'hang')
  for (const due of await writeAll(desk, 'hanging-0', 'abcdefghijkl')) await run(deliverJobOf(due))
  await expect.poll(() => hanging.open.length).toBe(4)
  await run(deliverJobOf(await desk.write('risk')))
  await expect.poll(() => well.received.length).toBe(1)
})

test('a process that stops finishes what it sends and begins nothing that waits', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const outbox = openOutbox(desk.context)
  risk.react('hang', 'hang', 'hang', 'hang')
  const all = await writeAll(desk, 'risk', 'abcdef')
  outbox.take(all)
  await expect.poll(() => risk.open.length).toBe(4)
  const closing = outbox[Symbol.asyncDispose]()
  answer(risk)
  await closing
  expect(risk.received.length).toBe(4)
  const states = await Promise.all(all.map(async (due) => (await desk.row(due))['state']))
  expect(states).toEqual([...Array(4).fill('delivered'), 'pending', 'pending'])
})

test('what this process has claimed is sent before it stops, also when it had to wait', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const outbox = openOutbox(desk.context)
  risk.react('hang', 'hang', 'hang', 'hang')
  const all = await writeAll(desk, 'risk', 'abcdef')
  const { database, now } = desk.context
  const [waiting, claimed] = all.slice(4) as [Due, Due]
  const mine = await claim(database, { delivery_id: claimed.delivery_id, now: now(), min_gap_ms: 0 })
  if (mine === null) throw new Error('not claimed')
  outbox.take([...all.slice(0, 4), waiting, { ...claimed, claimed: mine }])
  await expect.poll(() => risk.open.length).toBe(4)
  const closing = outbox[Symbol.asyncDispose]()
  answer(risk)
  await closing
  expect(await desk.row(claimed)).toMatchObject({ state: 'delivered', maybe_repeated: false })
  expect(await desk.row(waiting)).toMatchObject({ state: 'pending', attempts: 0 })
})

test('of alerts that are raised together for one host as many are claimed as go out at once', async () => {
  await using risk = await startDestination()
  const channels = `channels: { risk: { kind: webhook, url: ${risk.url}, secrets: [${SECRET}] } }\noperators: [risk]\n`
  const rule =
    'pair: silver-live, measure: as_quoted_usd, direction: above, severity: warning, notify: [risk]'
  const rules = Array.from(
    { length: 9 },
    (_, i) => `  gap-${i}: { ${rule}, raise: 5.50, clear: 5.00 }\n`,
  ).join('')
  const silver = SILVER.replace(/rules:[\s\S]*/, `rules:\n${rules}`)
  await using world = await openWorld('2026-01-29T03:00:00Z', {
    'channels.yaml': channels,
    'metals/silver.yaml': silver,
  })
  await using outbox = openOutbox(world.context)
  world.context.sender = outbox
  quote(world, '03:00', { 'sina/ag-td': '10000', 'sina/xag': '38.00', 'sina/usdcny': '7' })
  const deliveries = await poll(world.context, { feed: 'sina', slot: world.clock.now() })
  expect(deliveries.map(({ claimed }) => claimed !== undefined)).toEqual([
    ...Array(4).fill(true),
    ...Array(5).fill(false),
  ])
  outbox.take(deliveries)
  await expect.poll(() => risk.received.length).toBe(9)
  expect(new Set(idsOf(risk)).size).toBe(9)
})

/** Closed at the end of the test, when the hosts that still hang have answered. */
function open(desk: Desk, ...hosts: Destination[]): Outbox {
  const outbox = openOutbox(desk.context)
  const close = async () => {
    const closing = outbox[Symbol.asyncDispose]()
    for (const host of hosts) answer(host)
    await closing
  }
  return { ...outbox, [Symbol.asyncDispose]: close }
}

async function writeAll(desk: Desk, channel: string, subjects: string): Promise<Due[]> {
  const all: Due[] = []
  for (const subject of subjects) all.push(await desk.write(channel, { subject }))
  return all
}

function answer(host: Destination): void {
  for (const response of host.open.splice(0)) response.writeHead(200).end()
}

function idsOf(host: Destination): unknown[] {
  return host.received.map(({ headers }) => headers['webhook-id'])
}
