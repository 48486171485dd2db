/** In chat, what waits is told in one honest message. */
import { expect, test } from 'vitest'
import type { Due } from '../../src/store/deliveries.ts'
import { type Desk, openDesk } from './desk.ts'
import { startDestination } from './destination.ts'

test('a raise that was not delivered when its clear comes goes out with it, as one message that names both', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const raised = await desk.write('chat', { severity: 'critical' })
  chat.react({ status: 500 })
  await desk.send(raised)
  const cleared = await desk.write('chat', { sequence: 2, type: 'breach.cleared' })
  expect((await desk.send(cleared)).is).toBe('not_now')
  desk.wait(6_000)
  expect((await desk.send(raised)).is).toBe('delivered')
  expect(chat.received).toHaveLength(2)
  const { text } = JSON.parse(chat.received[1]?.body ?? '')
  expect(text).toMatch(/^CLEARED silver.*\(steps 1, 2 in one message\)\nraised 1: .*\ncleared 2: /)
  expect(await states(desk, [raised, cleared])).toEqual(['delivered by raised', 'delivered by raised'])
  expect(await desk.attempts(cleared)).toEqual(['delivered'])
})

test('what one poll raised together arrives together, the critical first, and a thing that comes later does not wait', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const together = [
    await desk.write('chat', { subject: 'a' }),
    await desk.write('chat', { subject: 'b', severity: 'critical' }),
    await desk.write('chat', { subject: 'c' }),
  ] as const
  expect((await desk.send(together[0])).is).toBe('delivered')
  const { text } = JSON.parse(chat.received[0]?.body ?? '')
  expect(text).toMatch(/^3 ALERTS at once, first: CRITICAL/)
  expect(text.match(/^raised 1: .* \(example-gap, 2026.* UTC\)$/gm)).toHaveLength(3)
  const later = await desk.write('chat', { subject: 'd', severity: 'critical' })
  desk.wait(1_000)
  expect((await desk.send(later)).is).toBe('delivered')
  expect(JSON.parse(chat.received[1]?.body ?? '').text).toMatch(/^CRITICAL/)
})

test('of several the headline tells the most urgent as it stands now: neither what is over nor what was written first', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  await desk.write('chat', { subject: 'a', severity: 'critical' })
  await desk.write('chat', { subject: 'a', severity: 'critical', sequence: 2, type: 'breach.cleared' })
  await desk.write('chat', { subject: 'b', severity: 'info' })
  const last = await desk.write('chat', { subject: 'c', severity: 'warning' })
  expect((await desk.send(last)).is).toBe('delivered')
  const { text } = JSON.parse(chat.received[0]?.body ?? '')
  expect(text).toMatch(/^3 ALERTS at once, first: WARNING/)
})

test('a burst of fifty is told in five messages, a second apart, and none is lost', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const burst: Due[] = []
  for (let i = 0; i < 50; i++) {
    const severity = i === 49 ? 'critical' : 'warning'
    burst.push(await desk.write('chat', { subject: `s${String(i).padStart(2, '0')}`, severity }))
  }
  let last = burst[0] as Due
  for (let message = 0; message < 5; message++) {
    const { is, next } = await desk.send(last)
    expect(is).toBe('delivered')
    last = next[0] ?? last
    desk.wait(1_000)
  }
  expect(chat.received).toHaveLength(5)
  expect(JSON.parse(chat.received[0]?.body ?? '').text).toMatch(/first: CRITICAL/)
  const named = chat.received.flatMap(({ body }) => JSON.parse(body).text.match(/^raised 1: /gm))
  expect(named).toHaveLength(50)
  expect(new Set((await states(desk, burst)).map((state) => state.slice(0, 9)))).toEqual(
    new Set(['delivered']),
  )
})

test('after a pause the critical goes first, whoever asked', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const first = await desk.write('chat')
  chat.react({ status: 429, headers: { 'retry-after': '30' } })
  await desk.send(first)
  await desk.write('chat', { subject: 'b', severity: 'critical' })
  expect((await desk.send(first)).is).toBe('not_now')
  desk.wait(34_000)
  await desk.send(first)
  expect(JSON.parse(chat.received[1]?.body ?? '').text).toMatch(/^2 ALERTS at once, first: CRITICAL/)
})

test('a folded message that is refused is taken apart: each goes by itself, and what is really refused is dead alone', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const [one, two] = [await desk.write('chat', { subject: 'a' }), await desk.write('chat', { subject: 'b' })]
  const refusal = { status: 400, body: 'invalid_blocks' }
  chat.react(refusal, refusal, { status: 400, body: 'no_text' })
  for (let message = 0; message < 4; message++) {
    await desk.send(one)
    desk.wait(1_000)
  }
  expect(chat.received.map(({ body }) => JSON.parse(body).text.slice(0, 8))).toEqual([
    '2 ALERTS',
    ...['WARNING ', 'WARNING ', 'WARNING '],
  ])
  expect([(await desk.row(one))['state'], (await desk.row(two))['state']].sort()).toEqual([
    'dead',
    'delivered',
  ])
})

test('a folded message that may have arrived says so when it is repeated', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const one = await desk.write('chat', { subject: 'a' })
  await desk.write('chat', { subject: 'b' })
  chat.react('reset')
  await desk.send(one)
  desk.wait(6_000)
  await desk.send(one)
  expect(JSON.parse(chat.received[1]?.body ?? '').text).toMatch(/^2 ALERTS[\s\S]*sent again/)
})

test('webhooks are never folded', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const steps = [await desk.write('risk'), await desk.write('risk', { sequence: 2, type: 'breach.cleared' })]
  for (const due of steps) await desk.send(due)
  expect(risk.received.map(({ body }) => JSON.parse(body).type)).toEqual(['breach.raised', 'breach.cleared'])
})

test('of replicas that race for a chat each step is told once', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const burst: Due[] = []
  for (const subject of 'abcdef') burst.push(await desk.write('chat', { subject }))
  const outcomes = await Promise.all(burst.map((due) => desk.send(due)))
  expect(outcomes.filter(({ is }) => is === 'delivered')).toHaveLength(1)
  expect(chat.received).toHaveLength(1)
})

async function states(desk: Desk, dues: readonly Due[]): Promise<string[]> {
  const rows = await Promise.all(dues.map((due) => desk.row(due)))
  return rows.map(({ state, covered_by }) =>
    covered_by === dues[0]?.delivery_id ? `${state} by raised` : `${state}`,
  )
}
