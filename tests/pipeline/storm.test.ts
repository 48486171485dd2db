/** A storm of alerts to a chat: a budget of messages, one digest beyond it, nothing lost and nothing critical delayed. */
import { expect, test } from 'vitest'
import { BUDGET } from '../../src/delivery/storm.ts'
import type { Due } from '../../src/store/deliveries.ts'
import { type Desk, openDesk } from './desk.ts'
import { startDestination } from './destination.ts'

const [minute, tenMinutes] = BUDGET as [(typeof BUDGET)[number], (typeof BUDGET)[number]]

/** One alert every two seconds, each sent as soon as it may be. */
async function drizzle(desk: Desk, count: number, from = 0): Promise<Due[]> {
  const all: Due[] = []
  for (let i = from; i < from + count; i++) {
    const due = await desk.write('chat', { subject: `s${i}` })
    all.push(due)
    await desk.send(due)
    desk.wait(2_000)
  }
  return all
}

test('beyond the budget of a minute alerts wait and are told as one digest, and none is lost', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  const all = await drizzle(desk, minute.most + 8)
  expect(chat.received).toHaveLength(minute.most)
  desk.wait(minute.in_ms)
  await desk.send(all.at(-1) as Due)
  expect(chat.received).toHaveLength(minute.most + 1)
  expect(JSON.parse(chat.received.at(-1)?.body ?? '').text).toMatch(/^8 ALERTS at once/)
  const states = await Promise.all(all.map((due) => desk.row(due)))
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['delivered']))
})

test('what is critical goes out in the middle of a storm', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  await drizzle(desk, minute.most + 3)
  const critical = await desk.write('chat', { subject: 'critical', severity: 'critical' })
  expect((await desk.send(critical)).is).toBe('delivered')
  expect(chat.received).toHaveLength(minute.most + 1)
  expect(JSON.parse(chat.received.at(-1)?.body ?? '').text).toMatch(/^CRITICAL/)
})

test('a storm that goes on meets the longer windows too', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  for (let i = 0; i < tenMinutes.most / minute.most; i++) {
    await drizzle(desk, minute.most, i * minute.most)
    desk.wait(minute.in_ms)
  }
  const late = await desk.write('chat', { subject: 'late' })
  expect((await desk.send(late)).is).toBe('not_now')
  desk.wait(tenMinutes.in_ms)
  expect((await desk.send(late)).is).toBe('delivered')
})

test('a storm that drizzles for an hour, within the shorter windows, meets the longest', async () => {
  const [, , hour] = BUDGET as [unknown, unknown, (typeof BUDGET)[number]]
  await using chat = await startDestination()
  await using desk = await openDesk({ chat: chat.url })
  for (let i = 0; i < hour.most; i++) await desk.write('chat', { subject: `s${i}` })
  const every_s = Math.floor(hour.in_ms / hour.most / 1_000) - 1
  await desk.context.database.query(
    `update metalgap.deliveries set state = 'delivered', next_attempt_at = null,
       finished_at = $1::timestamptz - (substr(subject, 2)::int + 1) * $2 * interval '1 s'`,
    [desk.context.now(), every_s],
  )
  const late = await desk.write('chat', { subject: 'late' })
  expect((await desk.send(late)).is).toBe('not_now')
  desk.wait(hour.in_ms - hour.most * every_s * 1_000 + 1)
  expect((await desk.send(late)).is).toBe('delivered')
})

test('webhooks are for programs and know no budget', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  for (let i = 0; i < minute.most * 2; i++) await desk.send(await desk.write('risk', { subject: `s${i}` }))
  expect(risk.received).toHaveLength(minute.most * 2)
})
