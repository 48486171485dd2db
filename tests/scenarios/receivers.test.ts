/** What goes wrong at the receivers. The numbers are those of docs/reliability.md. */
import { expect, test } from 'vitest'
import slack from '../../src/channels/slack.ts'
import { addressProblem } from '../../src/http/addresses.ts'
import type { Due } from '../../src/store/deliveries.ts'
import { redeliver } from '../../src/store/redelivery.ts'
import { breach, HOSTILE, poisoned } from '../channels/samples.ts'
import { MUST_REFUSE } from '../http/address-vectors.ts'
import { type Desk, openDesk } from '../pipeline/desk.ts'
import { startDestination } from '../pipeline/destination.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

test('Scenario 11: fifty alerts at the open meet a 429: silence as long as asked, then few messages, critical first, none lost', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const all: Due[] = []
  for (let i = 0; i < 50; i++)
    all.push(await desk.write('chat', { subject: `s${i}`, severity: i === 30 ? 'critical' : 'warning' }))
  chat.react({ status: 429, headers: { 'retry-after': '60' } })
  const [first] = all as [Due]
  await desk.send(first)
  for (let second = 0; second < 59; second++) {
    desk.wait(1_000)
    expect((await desk.send(all[second % 50] as Due)).is).toBe('not_now')
  }
  desk.wait(MINUTE)
  for (let message = 0; message < 10; message++) {
    await desk.send(first)
    desk.wait(1_000)
  }
  const texts = chat.received.slice(1).map(({ body }) => JSON.parse(body).text as string)
  expect(texts.length).toBe(5)
  expect(texts[0]).toMatch(/first: CRITICAL/)
  expect(new Set(await states(desk, all))).toEqual(new Set(['delivered']))
})

test('Scenario 12: a webhook that is down for six hours gets everything in order afterwards', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const steps = [await desk.write('risk'), await desk.write('risk', { sequence: 2, type: 'breach.cleared' })]
  const [raised, cleared] = steps as [Due, Due]
  for (let waited = 0; waited < 6 * HOUR; ) {
    risk.react({ status: 503 })
    const { next } = await desk.send(raised)
    const wait = (next[0]?.at.getTime() ?? 0) - desk.context.now().getTime()
    waited += wait
    desk.wait(wait)
  }
  risk.react()
  expect((await desk.send(raised)).is).toBe('delivered')
  expect((await desk.send(cleared)).is).toBe('delivered')
  expect(risk.received.slice(-2).map(({ body }) => JSON.parse(body).type)).toEqual([
    'breach.raised',
    'breach.cleared',
  ])
})

test('Scenario 12, in chat: what could not be told for an hour is dead, told to the operators, and comes back as one summary', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const raised = await desk.write('chat')
  const cleared = await desk.write('chat', { sequence: 2, type: 'breach.cleared' })
  chat.react(...Array.from({ length: 10 }, () => ({ status: 503 })))
  for (let attempt = 0; attempt < 10; attempt++) {
    await desk.send(raised)
    desk.wait(35 * MINUTE)
  }
  expect(await states(desk, [raised, cleared])).toEqual(['dead', 'dead'])
  expect(new Set((await desk.news()).map(({ type }) => type))).toEqual(new Set(['delivery.dead']))
  const wish = { ids: [], channel: 'chat', since: null, until: null, states: ['dead'] as const }
  await redeliver(desk.context.database, wish, desk.context.now())
  await desk.send(raised)
  expect(JSON.parse(chat.received.at(-1)?.body ?? '').text).toMatch(/^CLEARED.*steps 1, 2 in one message/)
})

test('Scenario 13: a destination that is gone is disabled at once, others hear of it, and everything is kept for later', async () => {
  for (const [kind, answer] of [
    ['risk', { status: 410 }],
    ['risk', { status: 204, headers: { 'webhook-delivery': 'disable' } }],
    ['chat', { status: 404, body: 'no_service' }],
    ['chat', { status: 410, body: 'channel_is_archived' }],
  ] as const) {
    await using gone = await startDestination()
    await using desk = await openDesk({ [kind]: gone.url })
    const due = await desk.write(kind)
    gone.react(answer)
    expect((await desk.send(due)).is).toBe('disabled')
    desk.wait(48 * HOUR)
    expect((await desk.send(due)).is).toBe('not_now')
    expect(gone.received).toHaveLength(1)
    expect(await states(desk, [due])).toEqual(['pending'])
    expect((await desk.news()).map(({ channel, type }) => [channel, type])).toContainEqual([
      'ops',
      'channel.disabled',
    ])
  }
})

test('Scenario 14: an endless body behind a yes is a yes, and a receiver that trickles keeps nobody else waiting', async () => {
  await using endless = await startDestination()
  endless.react((response) => {
    response.writeHead(200)
    const more = () => void (response.destroyed || response.write('x'.repeat(65_536), more))
    more()
  })
  await using slow = await startDestination()
  slow.react((response) => void response.writeHead(200).write('o'))
  await using well = await startDestination()
  await using desk = await openDesk({ risk: endless.url, chat: well.url, hanging: [slow.url] })
  const due = await desk.write('risk')
  const stuck = await desk.write('hanging-0')
  const stop = new AbortController()
  desk.context.life = stop.signal
  const sending = desk.send(stuck)
  expect((await desk.send(due)).is).toBe('delivered')
  expect((await desk.send(await desk.write('chat'))).is).toBe('delivered')
  stop.abort()
  expect((await sending).is).toBe('delivered')
})

test('Scenario 15: an address inside is refused when it is configured and when it is dialled, and a redirect there is not followed', async () => {
  for (const url of MUST_REFUSE) expect(addressProblem(url, []), url).not.toBeNull()
  await using inside = await startDestination()
  await using closed = await openDesk({ risk: inside.url }, [])
  expect((await closed.send(await closed.write('risk'))).is).toBe('retry')
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  risk.react({ status: 302, headers: { location: inside.url } })
  const due = await desk.write('risk')
  expect((await desk.send(due)).is).toBe('retry')
  expect(inside.received).toEqual([])
  expect(String((await desk.row(due))['last_error'])).not.toContain(inside.url)
})

test('Scenario 16: markup, floods, reversed text and broken characters are delivered as text', async () => {
  const settings = slack.settings.parse({ url: 'https://hooks.slack.com/services/x' })
  for (const poison of Object.values(HOSTILE)) {
    const body = slack.render(poisoned(breach(), poison), settings)
    expect(body.isWellFormed()).toBe(true)
    expect(Array.from(body).length).toBeLessThan(10_000)
    expect(JSON.parse(body).text).not.toMatch(/<!channel>|[\u202a-\u202e\u2066-\u2069]/)
  }
})

async function states(desk: Desk, dues: readonly Due[]): Promise<unknown[]> {
  return Promise.all(dues.map(async (due) => (await desk.row(due))['state']))
}
