/**
 * From three poll jobs put into the queue (east, west, rate) until the webhook of the crossing is received, against a
 * floor measured in turn with it: the same three requests in parallel, the same rows in one transaction, the same POST.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { openQueues } from '../workers/queues.ts'
import { FEEDS } from './lib/configuration.ts'
import { openExchanges } from './lib/exchanges.ts'
import { openFloor } from './lib/floor.ts'
import { openFolder } from './lib/folder.ts'
import { openMachine, ratioOf, spread } from './lib/machine.ts'
import { openBench } from './lib/product.ts'
import { openReceiver, type Receiver } from './lib/receiver.ts'
import { openRedis } from './lib/redis.ts'
import { writtenFor } from './lib/written.ts'

const CROSSINGS = 300
const WARM_UP = 100
/** the market's and the product's other work is over before the next one begins */
const REST_MS = 15
const AIM_P50 = { postgres: 5, redis: 3 }

const machine = openMachine()
const postgres = await measure('postgres', undefined)
await using server = await openRedis()
const redis = server === null ? 'skipped' : await measure('redis', server.url)
console.log(JSON.stringify({ figure: 'trigger-to-webhook', ...machine(), postgres, redis }, undefined, 2))

async function measure(kind: keyof typeof AIM_P50, redisUrl: string | undefined) {
  using folder = openFolder()
  await using exchanges = await openExchanges()
  await using receiver = await openReceiver()
  const wishes = { exchanges: exchanges.url, receiver: receiver.url }
  const { product, parts } = await openBench(folder.path, wishes, redisUrl, ['poll', 'evaluate', 'deliver'])
  await using database = product.database
  await using _product = product
  const databaseUrl = database.url
  await using queues = await openQueues({ redisUrl, databaseUrl, migrate: false, log: parts.log })
  await using floor = await openFloor(databaseUrl, wishes)
  const trigger = (slot: string) => Promise.all(FEEDS.map((feed) => queues.add('poll', { feed, slot })))

  const slots = slotsFrom(new Date())
  const [low = ''] = slots
  await trigger(low)
  await writtenFor(database, low)
  const times: { ours: number; least: number }[] = []
  for (const slot of slots.slice(1)) {
    await exchanges.step()
    await sleep(REST_MS)
    const ours = await timed(receiver, () => trigger(slot))
    const rows = await writtenFor(database, slot)
    await sleep(REST_MS)
    times.push({ ours, least: await timed(receiver, () => floor.run(rows)) })
  }
  const measured = times.slice(WARM_UP)
  const product_ms = spread(measured.map(({ ours }) => ours))
  const floor_ms = spread(measured.map(({ least }) => least))
  const ratio = ratioOf(product_ms, floor_ms)
  const aim_p50 = AIM_P50[kind]
  return { crossings: measured.length, product_ms, floor_ms, ratio, aim_p50, met: ratio.p50 <= aim_p50 }
}

/** Milliseconds from the beginning of `act` until the next webhook has arrived; both are over when it answers. */
async function timed(receiver: Receiver, act: () => Promise<unknown>): Promise<number> {
  const arrival = receiver.next()
  const began = performance.timeOrigin + performance.now()
  await Promise.all([act(), arrival])
  return (await arrival).at - began
}

function slotsFrom(now: Date): string[] {
  const first = Math.floor(now.getTime() / 1000) * 1000
  return Array.from({ length: WARM_UP + CROSSINGS + 1 }, (_, i) => new Date(first + i * 1000).toISOString())
}
