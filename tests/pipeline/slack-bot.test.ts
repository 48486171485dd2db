/** The Slack bot against a server that speaks like Slack's Web API, with the receipts in a real database. */
import { expect, test } from 'vitest'
import { breach } from '../channels/samples.ts'
import { type Bot, openBot } from './bot.ts'
import { type Destination, startDestination } from './destination.ts'

const POSTED = { status: 200, body: '{"ok":true,"channel":"C123","ts":"1769670046.000100"}' }
const FIRST = { channel: 'C123', ts: '1769670046.000100' }

function openSilent(slack: Destination): Promise<Bot> {
  return openBot(new URL(slack.url).origin, { chart: false })
}

function calls({ received }: Destination) {
  return received.map(({ path, body }) => ({ method: path.replace('/api/', ''), ...JSON.parse(body) }))
}

test('the first message of a breach is changed at every later step, which answers in its thread', async () => {
  await using slack = await startDestination()
  await using desk = await openSilent(slack)
  slack.react(POSTED, POSTED, POSTED)
  const raised = await desk.tell(breach('breach.raised'))
  desk.wait(1_000)
  expect((await desk.tell(breach('breach.cleared'))).is).toBe('delivered')
  expect((await desk.row(raised.due))['receipt']).toBe('C123 1769670046.000100')
  const [first, update, answer] = calls(slack)
  expect(first).toMatchObject({ method: 'chat.postMessage', channel: 'C0000000000' })
  expect(first).not.toHaveProperty('thread_ts')
  expect(update).toMatchObject({ method: 'chat.update', ...FIRST, text: expect.stringMatching(/^CLEARED/) })
  expect(answer).toMatchObject({
    method: 'chat.postMessage',
    thread_ts: FIRST.ts,
    reply_broadcast: true,
    text: expect.stringMatching(/^CLEARED/),
  })
  expect(slack.received.every(({ headers }) => headers.authorization === 'Bearer xoxb-0-invented')).toBe(true)
  expect(slack.received.some(({ body }) => body.includes('xoxb'))).toBe(false)
})

test('a worker that was stalled until its lease is too short for both exchanges makes neither', async () => {
  await using slack = await startDestination()
  await using desk = await openSilent(slack)
  const { now } = desk.context
  let looks = 0
  // it looks at the clock when it writes, judges the storm and claims; whenever it looks again, 40 s have gone by
  desk.context.now = () => new Date(now().getTime() + (looks++ > 2 ? 40_000 : 0))
  const { due, is } = await desk.tell(breach('breach.raised'))
  expect(is).toBe('retry')
  expect(slack.received).toEqual([])
  expect(await desk.attempts(due)).toEqual(['unsent'])
})

test('that a breach eased is shown and nobody is called for it', async () => {
  await using slack = await startDestination()
  await using desk = await openSilent(slack)
  slack.react(POSTED, POSTED)
  await desk.tell(breach('breach.raised'))
  desk.wait(1_000)
  expect((await desk.tell(breach('breach.eased'))).is).toBe('delivered')
  expect(calls(slack).map(({ method }) => method)).toEqual(['chat.postMessage', 'chat.update'])
})

test('200 with ok:false is no yes', async () => {
  await using slack = await startDestination()
  await using desk = await openSilent(slack)
  slack.react({ status: 200, body: '{"ok":false,"error":"channel_not_found"}' })
  expect((await desk.tell(breach('breach.raised'))).is).toBe('disabled')
})

test('a change that fails is tried again before anything is posted', async () => {
  await using slack = await startDestination()
  await using desk = await openSilent(slack)
  slack.react(POSTED, { status: 503 }, POSTED, POSTED)
  await desk.tell(breach('breach.raised'))
  desk.wait(1_000)
  const escalated = await desk.tell(breach('breach.escalated'))
  expect(escalated.is).toBe('retry')
  desk.wait(6_000)
  expect((await desk.send(escalated.due)).is).toBe('delivered')
  const methods = calls(slack).map(({ method }) => method)
  expect(methods).toEqual(['chat.postMessage', 'chat.update', 'chat.update', 'chat.postMessage'])
  expect(await desk.attempts(escalated.due)).toEqual(['retry', 'delivered'])
})

test('where somebody has deleted the first message, the next one stands on its own', async () => {
  await using slack = await startDestination()
  await using desk = await openSilent(slack)
  slack.react(POSTED, { status: 200, body: '{"ok":false,"error":"message_not_found"}' }, POSTED)
  await desk.tell(breach('breach.raised'))
  desk.wait(1_000)
  expect((await desk.tell(breach('breach.reminder'))).is).toBe('delivered')
  expect(calls(slack).at(-1)).not.toHaveProperty('thread_ts')
})
