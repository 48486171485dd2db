import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test, vi } from 'vitest'
import { deliver } from '../../src/deliver.ts'
import { channelStates, enableChannel, saveChannels } from '../../src/store/channels.ts'
import { claim } from '../../src/store/claims.ts'
import { dueDeliveries } from '../../src/store/deliveries.ts'
import { certificate, hasOpenssl } from '../certificate.ts'
import { openDesk, SECRET } from './desk.ts'
import { startDestination } from './destination.ts'

vi.mock('node:dns', () => import('../no-names.ts'))

const MINUTE = 60_000
const HOUR = 60 * MINUTE

test('an undisturbed delivery is one signed POST and two statements', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  const statements = countStatements(desk.context)
  expect(await deliver(desk.context, due)).toEqual({ is: 'delivered', next: [] })
  expect(statements()).toBe(2)
  const [post] = risk.received
  expect(post?.headers).toMatchObject({ 'webhook-id': due.delivery_id, 'metalgap-attempt': '1' })
  expect(post?.headers['metalgap-maybe-repeated']).toBeUndefined()
  expect(signatureOf(post)).toBe(true)
  expect(await desk.row(due)).toMatchObject({
    state: 'delivered',
    attempts: 1,
    last_status: 200,
    last_error: null,
  })
  expect(await desk.send(due)).toEqual({ is: 'not_now', next: [] })
})

test('a later step of a breach waits for the earlier one, and goes out as soon as that has', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const [raised, cleared, other] = [
    await desk.write('risk', { sequence: 1 }),
    await desk.write('risk', { sequence: 2 }),
    await desk.write('risk', { subject: 'another' }),
  ]
  risk.react({ status: 500 })
  expect((await desk.send(raised)).is).toBe('retry')
  expect((await desk.send(cleared)).is).toBe('not_now')
  expect((await desk.send(other)).is).toBe('delivered')
  desk.wait(6_000)
  const outcome = await desk.send(raised)
  expect(outcome).toMatchObject({
    is: 'delivered',
    next: [{ delivery_id: cleared.delivery_id, channel: 'risk' }],
  })
  expect((await desk.send(cleared)).is).toBe('delivered')
  expect(risk.received.map(({ headers }) => headers['webhook-id'])).toEqual(
    [raised, other, raised, cleared].map(({ delivery_id }) => delivery_id),
  )
})

test('every attempt sends the same bytes under the same id, with a fresh time and signature', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  risk.react({ status: 500 }, { status: 503 }, 'reset')
  for (const pause of [0, 6_000, 6 * MINUTE, 40 * MINUTE]) {
    desk.wait(pause)
    await desk.send(due)
  }
  const { received } = risk
  expect(received.map(({ headers }) => headers['metalgap-attempt'])).toEqual(['1', '2', '3', '4'])
  expect(received.map(({ headers }) => headers['metalgap-maybe-repeated'])).toEqual([
    undefined,
    undefined,
    undefined,
    'true',
  ])
  expect(new Set(received.map(({ body }) => body)).size).toBe(1)
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(new Set(received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(4)
  expect(received.every(signatureOf)).toBe(true)
  expect(await desk.attempts(due)).toEqual(['retry', 'retry', 'ambiguous', 'delivered'])
})

test('a webhook is tried ten times over four days, then it is dead and the operators hear of it', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  risk.react(...Array.from({ length: 10 }, () => ({ status: 500, body: 'down' })))
  const waits: number[] = []
  for (
    let last = desk.context.now(), { next } = await desk.send(due);
    next.length > 0 && waits.length < 9;
  ) {
    const at = next[0]?.at ?? last
    waits.push((at.getTime() - last.getTime()) / MINUTE)
    desk.wait(at.getTime() - last.getTime())
    last = desk.context.now()
    next = (await desk.send(due)).next
  }
  const nominal = [1 / 12, 5, 30, 120, 300, 600, 840, 1200, 1440]
  waits.forEach((wait, i) => {
    expect(Math.abs(wait / (nominal[i] as number) - 1)).toBeLessThanOrEqual(0.1001)
  })
  expect(risk.received.length).toBe(10)
  expect(await desk.row(due)).toMatchObject({ state: 'dead', attempts: 10, last_status: 500 })
  expect((await desk.row(due))['last_error']).toMatch(/answered 500: down; given up after 10 attempts$/)
  expect(await desk.news()).toMatchObject([
    {
      channel: 'ops',
      type: 'delivery.dead',
      message: { data: { channel: 'risk', what: 'breach.raised', attempts: 10 } },
    },
  ])
})

test('a payload that is refused is dead at once, and the next step goes out', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const [first, second] = [await desk.write('risk'), await desk.write('risk', { sequence: 2 })]
  risk.react({ status: 422, body: `no\u0007 ${SECRET} \u001b[31m${'x'.repeat(9_000)}` })
  const outcome = await desk.send(first)
  expect(outcome.is).toBe('dead')
  expect(outcome.next.map(({ channel }) => channel)).toEqual(['risk', 'ops'])
  expect(outcome.next[0]?.delivery_id).toBe(second.delivery_id)
  const error = String((await desk.row(first))['last_error'])
  expect(error).toMatch(/^127\.0\.0\.1:\d+ answered 422: no \[secret\]/)
  expect(error.length).toBeLessThan(260)
  expect(JSON.stringify(desk.log)).not.toContain(SECRET.slice(6))
})

test('410 holds the channel with all that waits for it, across restarts, until it is enabled', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const [first, other] = [await desk.write('risk'), await desk.write('risk', { subject: 'b' })]
  risk.react({ status: 410 })
  expect((await desk.send(first)).is).toBe('disabled')
  expect((await desk.send(other)).is).toBe('not_now')
  await saveChannels(desk.context.database, Object.values(desk.context.config.channels))
  desk.wait(48 * HOUR)
  expect((await desk.send(first)).is).toBe('not_now')
  expect(
    (await dueDeliveries(desk.context.database, desk.context.now(), 10)).map(({ channel }) => channel),
  ).toEqual(['ops'])
  expect(await desk.row(first)).toMatchObject({ state: 'pending' })
  expect(await desk.news()).toMatchObject([
    { channel: 'ops', type: 'channel.disabled', message: { data: { channel: 'risk' } } },
  ])
  expect(await enableChannel(desk.context.database, 'risk')).toBe(true)
  expect((await desk.send(first)).is).toBe('delivered')
  expect((await desk.send(other)).is).toBe('delivered')
})

test('a channel that was taken out of the configuration is held until it is there again', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const { database, config } = desk.context
  const due = await desk.write('risk')
  await saveChannels(database, [{ channel: 'ops', kind: 'webhook' }])
  expect((await channelStates(database)).find(({ channel }) => channel === 'risk')).toMatchObject({
    disabled_reason: 'not in channels.yaml',
    pending: 1,
  })
  expect((await desk.send(due)).is).toBe('not_now')
  await saveChannels(database, Object.values(config.channels))
  expect((await desk.send(due)).is).toBe('delivered')
})

test('a worker that dies in the middle is followed by another, which says that it may repeat', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  const min_gap_ms = 0
  expect(
    await claim(desk.context.database, { delivery_id: due.delivery_id, now: desk.context.now(), min_gap_ms }),
  ).not.toBeNull()
  desk.wait(59_000)
  expect((await desk.send(due)).is).toBe('not_now')
  desk.wait(1_000)
  expect((await desk.send(due)).is).toBe('delivered')
  expect(risk.received[0]?.headers).toMatchObject({
    'metalgap-attempt': '2',
    'metalgap-maybe-repeated': 'true',
  })
  expect(await desk.attempts(due)).toEqual(['abandoned', 'delivered'])
})

test('an answer that comes after the deadline may have been a yes: the next attempt says that it may repeat', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  risk.react('hang')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const sending = desk.send(due)
  await until(() => risk.open.length === 1)
  vi.advanceTimersByTime(15_000)
  vi.useRealTimers()
  expect((await sending).is).toBe('retry')
  risk.open[0]?.writeHead(200).end()
  desk.wait(6_000)
  expect((await desk.send(due)).is).toBe('delivered')
  expect(risk.received[1]?.headers['metalgap-maybe-repeated']).toBe('true')
  expect(risk.received[1]?.body).toBe(risk.received[0]?.body)
  expect(await desk.attempts(due)).toEqual(['ambiguous', 'delivered'])
})

test('of many workers that race for a delivery one sends it', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  const claims = Array.from({ length: 8 }, () =>
    claim(desk.context.database, { delivery_id: due.delivery_id, now: desk.context.now(), min_gap_ms: 0 }),
  )
  expect((await Promise.all(claims)).filter((claimed) => claimed !== null).length).toBe(1)
})

test('a redirect is not followed, and the operators hear of it once', async () => {
  await using elsewhere = await startDestination()
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  risk.react(
    { status: 302, headers: { location: elsewhere.url } },
    { status: 302, headers: { location: elsewhere.url } },
  )
  expect((await desk.send(due)).is).toBe('retry')
  desk.wait(6_000)
  expect((await desk.send(due)).is).toBe('retry')
  expect(elsewhere.received).toEqual([])
  expect((await desk.news()).map(({ channel, type }) => [channel, type])).toEqual([
    ['ops', 'channel.failing'],
  ])
})

test.skipIf(!hasOpenssl())(
  'a certificate that nobody vouches for gets nothing, and the operators hear of it',
  async () => {
    const requests: string[] = []
    const server = createServer(certificate(), ({ url = '' }) => requests.push(url))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const { port } = server.address() as AddressInfo
    await using desk = await openDesk({ risk: `https://127.0.0.1:${port}/hook` })
    const due = await desk.write('risk')
    expect((await desk.send(due)).is).toBe('retry')
    expect((await desk.row(due))['last_error']).toMatch(
      /^127\.0\.0\.1:\d+: its certificate is not accepted \([A-Z_]+\)$/,
    )
    expect((await desk.news()).map(({ channel, type }) => [channel, type])).toEqual([
      ['ops', 'channel.failing'],
    ])
    expect(requests).toEqual([])
    await new Promise((closed) => server.close(closed))
  },
)

test('a private address that nobody allowed is never dialled', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url }, [])
  const due = await desk.write('risk')
  expect((await desk.send(due)).is).toBe('retry')
  expect(risk.received).toEqual([])
  const { last_error, last_status } = await desk.row(due)
  expect(last_status).toBeNull()
  expect(last_error).not.toContain('/hook')
  expect((await desk.news()).map(({ type }) => type)).toEqual(['channel.failing'])
})

test('a fault of our own does not use up the attempts', async () => {
  await using desk = await openDesk({ risk: 'https://no-such-host.example.com/hook' })
  const due = await desk.write('risk')
  for (let i = 0; i < 12; i++) {
    expect((await desk.send(due)).is).toBe('retry')
    desk.wait(6 * MINUTE)
  }
  expect(new Set(await desk.attempts(due))).toEqual(new Set(['unsent']))
  expect(await desk.row(due)).toMatchObject({ state: 'pending', maybe_repeated: false })
})

describe('429', () => {
  test('pauses the whole channel as long as it asks, and replaces a shorter step', async () => {
    await using risk = await startDestination()
    await using desk = await openDesk({ risk: risk.url })
    const [due, other] = [await desk.write('risk'), await desk.write('risk', { subject: 'b' })]
    risk.react({ status: 429, headers: { 'retry-after': '120' } })
    const { next } = await desk.send(due)
    expect(next).toEqual([
      { delivery_id: due.delivery_id, channel: 'risk', at: new Date(desk.context.now().getTime() + 120_000) },
    ])
    expect((await desk.send(other)).is).toBe('not_now')
    desk.wait(119_999)
    expect((await desk.send(other)).is).toBe('not_now')
    desk.wait(1)
    expect((await desk.send(other)).is).toBe('delivered')
    expect((await desk.send(due)).is).toBe('delivered')
  })
})

describe('slack', () => {
  test('gets one message a second', async () => {
    await using chat = await startDestination()
    await using desk = await openDesk({ chat: chat.url })
    expect((await desk.send(await desk.write('chat'))).is).toBe('delivered')
    const second = await desk.write('chat', { subject: 'b' })
    expect((await desk.send(second)).is).toBe('not_now')
    desk.wait(1_000)
    expect((await desk.send(second)).is).toBe('delivered')
  })

  test('a payload that it refuses is sent once more as plain text, then it is dead', async () => {
    await using chat = await startDestination()
    await using desk = await openDesk({ chat: chat.url })
    const due = await desk.write('chat')
    chat.react({ status: 400, body: 'invalid_blocks' }, { status: 400, body: 'no_text' })
    expect((await desk.send(due)).is).toBe('retry')
    desk.wait(1_000)
    expect((await desk.send(due)).is).toBe('dead')
    expect(chat.received.map(({ body }) => 'blocks' in JSON.parse(body))).toEqual([true, false])
  })

  test('no_service holds the channel and tells the operators elsewhere', async () => {
    await using chat = await startDestination()
    await using desk = await openDesk({ chat: chat.url })
    chat.react({ status: 404, body: 'no_service' })
    expect((await desk.send(await desk.write('chat'))).is).toBe('disabled')
    expect((await desk.news()).map(({ channel, type }) => [channel, type])).toEqual([
      ['ops', 'channel.disabled'],
      ['risk', 'channel.disabled'],
    ])
  })
})

type Desk = Awaited<ReturnType<typeof openDesk>>

function countStatements(context: Desk['context']): () => number {
  let count = 0
  const { query } = context.database
  context.database.query = ((...asked: Parameters<typeof query>) => {
    count++
    return query(...asked)
  }) as typeof query
  return () => count
}

function signatureOf(received: { headers: object; body: string } | undefined): boolean {
  if (!received) return false
  const { headers, body } = received as { headers: Record<string, string>; body: string }
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  return headers['webhook-signature'] === new Webhook(SECRET).sign(headers['webhook-id'] ?? '', at, body)
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve))
}
