/** `metalgap ack` and those who page people: PagerDuty hears of it once it has taken the alert. */
import { expect, test } from 'vitest'
import { deliver } from '../../src/deliver.ts'
import { dueDeliveries } from '../../src/store/deliveries.ts'
import { acknowledgeBreach } from '../../src/telling/acknowledging.ts'
import { CALM, DAY, WIDE } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER, type World } from '../world.ts'
import { type Destination, startDestination } from './destination.ts'

const TAKEN = { status: 202, body: '{"status":"success","message":"Event processed"}' }

const KEY = 'invented000000000000000000000000'

async function openNight(pagerduty: Destination, texts: Record<string, string> = {}): Promise<World> {
  return openWorld(DAY, {
    'channels.yaml': `
channels:
  terminal: { kind: pagerduty, routing_key: ${KEY}, url: "${pagerduty.url}" }
  log: { kind: webhook, url: "${pagerduty.url}", secrets: [whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=] }
routes: [{ notify: [log] }]
`,
    'network.yaml': 'allow_private: [127.0.0.0/8]\n',
    ...texts,
  })
}

async function price(world: World, time: string, prices: Record<string, string>): Promise<void> {
  quote(world, time, prices)
  await pollAt(world, `${time}:05`)
}

async function sendAll(world: World): Promise<void> {
  world.clock.set(new Date(world.clock.now().getTime() + 1_000))
  for (const due of await dueDeliveries(world.database, world.clock.now(), 100))
    await deliver(world.context, due)
}

async function acknowledged(world: World, who: string) {
  const [breach] = await world.rows<{ breach_id: string }>('select breach_id from reporting.breaches')
  const wish = { breach_id: breach?.breach_id ?? '', who, text: 'hedged', now: world.clock.now() }
  return acknowledgeBreach(world.context.config, world.database, wish)
}

const events = ({ received }: Destination) =>
  received.map(({ body }) => JSON.parse(body)).filter(({ routing_key }) => routing_key !== undefined)

test('an alert that PagerDuty has taken is acknowledged there under its key, each time somebody does, and resolved at the end', async () => {
  await using pagerduty = await startDestination()
  await using world = await openNight(pagerduty)
  for (let i = 0; i < 20; i++) pagerduty.react(TAKEN)
  await price(world, '02:01', WIDE)
  await sendAll(world)
  expect(await acknowledged(world, 'ann')).toMatchObject({ acknowledged_by: null })
  await sendAll(world)
  expect(await acknowledged(world, 'bob')).toMatchObject({ acknowledged_by: 'ann' })
  await sendAll(world)
  await price(world, '02:03', CALM)
  await sendAll(world)
  const actions = events(pagerduty).map(({ event_action }) => event_action)
  expect(actions).toEqual(['trigger', 'acknowledge', 'acknowledge', 'resolve'])
  expect(new Set(events(pagerduty).map(({ dedup_key }) => dedup_key)).size).toBe(1)
  const others = pagerduty.received
    .map(({ headers }) => headers['webhook-id'])
    .filter((id) => id !== undefined)
  expect(others).toHaveLength(2)
  expect(await acknowledged(world, 'eve')).toMatchObject({ cleared_at: expect.any(Date) })
  expect(await world.rows("select 1 from metalgap.deliveries where state = 'pending'")).toEqual([])
})

test('what escalates wakes somebody, also where the alert was acknowledged there: a new incident takes the place of the old one', async () => {
  const levels = 'levels: [{ severity: critical, raise: 8.00, clear: 7.00 }]\n    notify:'
  await using pagerduty = await startDestination()
  await using world = await openNight(pagerduty, {
    'metals/silver.yaml': SILVER.replace('notify:', levels),
    'channels.yaml': `channels: { terminal: { kind: pagerduty, routing_key: ${KEY}, url: "${pagerduty.url}" } }\n`,
  })
  const failing = { status: 503, body: '' }
  for (const answer of [TAKEN, TAKEN, failing, TAKEN, failing, TAKEN, TAKEN, TAKEN]) pagerduty.react(answer)
  await price(world, '02:01', WIDE)
  await sendAll(world)
  await acknowledged(world, 'ann')
  await sendAll(world)
  await price(world, '02:03', { ...CALM, 'sina/ag-td': '8900.00' })
  for (let i = 0; i < 3; i++) {
    await sendAll(world)
    world.clock.step(60_000)
  }
  await price(world, '02:10', { ...CALM, 'sina/ag-td': '7400.00' })
  await sendAll(world)
  const told = events(pagerduty).map(
    ({ event_action, payload }) => `${event_action} ${payload?.severity ?? ''}`,
  )
  expect(told).toEqual([
    'trigger warning',
    'acknowledge ',
    ...['resolve ', 'resolve ', 'trigger critical', 'resolve ', 'trigger critical'],
    'resolve critical',
  ])
  expect(new Set(events(pagerduty).map(({ dedup_key }) => dedup_key)).size).toBe(1)
})

test('what PagerDuty has not taken yet is not acknowledged there: nobody was called for it', async () => {
  await using pagerduty = await startDestination()
  await using world = await openNight(pagerduty)
  await price(world, '02:01', WIDE)
  await acknowledged(world, 'ann')
  expect(await world.rows("select 1 from metalgap.deliveries where type = 'breach.acknowledged'")).toEqual([])
})
