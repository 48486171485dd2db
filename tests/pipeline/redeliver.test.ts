import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import type { ChannelConfig } from '../../src/config.ts'
import { rotationOf } from '../../src/rotation.ts'
import { type RedeliveryWish, redeliver, redeliverable } from '../../src/store/redelivery.ts'
import { openDesk, SECRET } from './desk.ts'
import { startDestination } from './destination.ts'

const HOUR = 3_600_000
const DEAD: RedeliveryWish = { ids: [], channel: 'risk', since: null, until: null, states: ['dead'] }

test('what is dead goes out again under its own id, with the same bytes and a whole schedule', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  risk.react({ status: 422 }, { status: 500 })
  expect((await desk.send(due)).is).toBe('dead')
  const { database, now } = desk.context
  expect((await redeliver(database, DEAD, now())).map(({ delivery_id }) => delivery_id)).toEqual([
    due.delivery_id,
  ])
  const { next } = await desk.send(due)
  expect((next[0]?.at.getTime() ?? 0) - now().getTime()).toBeLessThan(6_000)
  desk.wait(6_000)
  expect((await desk.send(due)).is).toBe('delivered')
  expect(new Set(risk.received.map(({ headers }) => headers['webhook-id']))).toEqual(
    new Set([due.delivery_id]),
  )
  expect(new Set(risk.received.map(({ body }) => body)).size).toBe(1)
  expect(risk.received.at(-1)?.headers['metalgap-maybe-repeated']).toBeUndefined()
})

test('what was delivered says that it may be a repeat when it is sent again', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const due = await desk.write('risk')
  await desk.send(due)
  const { database, now } = desk.context
  await redeliver(database, { ...DEAD, ids: [due.delivery_id], states: ['dead', 'delivered'] }, now())
  expect((await desk.send(due)).is).toBe('delivered')
  expect(risk.received[1]?.headers).toMatchObject({
    'webhook-id': due.delivery_id,
    'metalgap-attempt': '2',
    'metalgap-maybe-repeated': 'true',
  })
})

test('a dry run names the same and changes nothing; channel, time and state narrow it', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url, chat: risk.url })
  risk.react({ status: 422 }, { status: 422 })
  const early = await desk.write('risk', { subject: 'a' })
  await desk.send(early)
  desk.wait(HOUR)
  const since = desk.context.now()
  const late = await desk.write('risk', { subject: 'b' })
  await desk.send(late)
  await desk.send(await desk.write('risk', { subject: 'c' }))
  const found = async (wish: Partial<RedeliveryWish>) =>
    (await redeliverable(desk.context.database, { ...DEAD, ...wish })).map(({ delivery_id }) => delivery_id)
  expect(await found({})).toEqual([early.delivery_id, late.delivery_id])
  expect(await found({ since })).toEqual([late.delivery_id])
  expect(await found({ until: since })).toEqual([early.delivery_id])
  expect(await found({ channel: 'chat' })).toEqual([])
  expect(await found({ states: ['delivered'] })).toHaveLength(1)
  expect(await desk.row(early)).toMatchObject({ state: 'dead' })
})

test('a new secret is printed with what to do, and verifies beside the old one, newest first', async () => {
  await using risk = await startDestination()
  await using desk = await openDesk({ risk: risk.url })
  const channel = desk.context.config.channels['risk'] as ChannelConfig
  const { secret, steps } = rotationOf(channel)
  expect(steps.join('\n')).toContain('RISK_WEBHOOK_SECRET_NEW')
  expect(steps.join('\n')).not.toContain(SECRET)
  channel.settings = { ...channel.settings, secrets: [secret, SECRET] }
  await desk.send(await desk.write('risk'))
  const { headers } = risk.received[0] as (typeof risk.received)[0]
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  const sign = (key: string) =>
    new Webhook(key).sign(String(headers['webhook-id']), at, risk.received[0]?.body ?? '')
  expect(headers['webhook-signature']).toBe(`${sign(secret)} ${sign(SECRET)}`)
  expect(() => rotationOf(channel)).toThrow(/2 secrets of risk sign already/)
})

test('a channel that signs nothing has nothing to rotate', async () => {
  await using desk = await openDesk({})
  expect(() => rotationOf(desk.context.config.channels['chat'] as ChannelConfig)).toThrow(/signs nothing/)
})
