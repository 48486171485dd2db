/**
 * From the commit of a delivery to its first byte at the receiver, idle and while another destination is paused and a
 * third is slow; against a floor measured in turn with it: one commit and a bare undici POST. And deliveries a second.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { request } from 'undici'
import type { Config } from '../src/config.ts'
import type { Context } from '../src/context.ts'
import { addressed } from '../src/delivery/addressed.ts'
import { testMessage } from '../src/message/example.ts'
import { saveChannels } from '../src/store/channels.ts'
import { openDatabase } from '../src/store/database.ts'
import { insertDeliveries } from '../src/store/deliveries.ts'
import { openEmbedded } from '../src/store/embedded.ts'
import { migrate } from '../src/store/migrate.ts'
import { openOutbox } from '../workers/outbox.ts'
import { SECRET } from './lib/configuration.ts'
import { openFolder } from './lib/folder.ts'
import { openMachine, round } from './lib/machine.ts'

const ROUNDS = 200
const WARM_UP = 30
const BURST = 500
const SLOW_MS = 3_000

let written = 0
const log = pino({ level: 'silent' })
const machine = openMachine()
using folder = openFolder()
await using embedded = await openEmbedded({ data: folder.path, log })
await migrate(embedded.url)
await using database = openDatabase(embedded.url)
await database.query('create table public.floor (id bigint generated always as identity, body text)')
await using well = await openSink(0)
await using slow = await openSink(SLOW_MS)

const channels = {
  well: { channel: 'well', kind: 'webhook', settings: settings(well.url) },
  slow: { channel: 'slow', kind: 'webhook', settings: settings(slow.url) },
  paused: { channel: 'paused', kind: 'webhook', settings: settings(well.url) },
}
await saveChannels(database, Object.values(channels))
const config = { channels, operators: [], network: { allow_private: ['127.0.0.0/8'] } } as unknown as Config
const life = new AbortController()
const context = { config, database, log, now: () => new Date(), life: life.signal } as unknown as Context
const outbox = openOutbox(context)

const idle = await measure(async () => {})
await database.query(
  "update metalgap.channels set paused_until = now() + interval '1 hour' where channel = 'paused'",
)
const disturbed = await measure(async (n) => {
  if (n % 10 === 0) outbox.take(await write('slow', 1))
  outbox.take(await write('paused', 1))
})
await sleep(SLOW_MS)
const deliveries_a_second = await throughput()
life.abort()
await outbox[Symbol.asyncDispose]()
console.log(
  JSON.stringify(
    { figure: 'delivery', ...machine(), rounds: ROUNDS, idle, disturbed, deliveries_a_second },
    undefined,
    2,
  ),
)

function settings(url: string) {
  return { url, secrets: [SECRET], headers: {} }
}

function write(channel: string, count: number) {
  const rows = Array.from({ length: count }, () => {
    const address = {
      to: [channel],
      subject: `bench ${written++}`,
      sequence: 1,
      breach_id: null,
      severity: 'warning',
    }
    return addressed(config, testMessage(new Date()), address, new Date())
  })
  return database.transaction((client) => insertDeliveries(client, rows.flat()))
}

async function measure(disturb: (n: number) => Promise<void>) {
  const ours: number[] = []
  const floor: number[] = []
  for (let n = 0; n < ROUNDS + WARM_UP; n++) {
    await disturb(n)
    const due = await write('well', 1)
    ours.push(await firstByte(async () => outbox.take(due)))
    await sleep(10)
    floor.push(
      await firstByte(async () => {
        await database.query('insert into public.floor (body) values ($1)', ['x'])
        const reply = await request(well.url, { method: 'POST', body: '{}' })
        await reply.body.dump()
      }),
    )
    await sleep(5)
  }
  const [us, least] = [percentiles(ours.slice(WARM_UP)), percentiles(floor.slice(WARM_UP))]
  return {
    commit_to_first_byte_ms: us,
    floor_ms: least,
    ratio_p50: round(us.p50 / least.p50),
    met: us.p50 <= 3 * least.p50,
  }
}

async function firstByte(act: () => Promise<unknown>): Promise<number> {
  const arrival = well.next()
  const began = performance.now()
  const acting = act()
  const took = (await arrival) - began
  await acting
  return took
}

async function throughput(): Promise<number> {
  const due = await write('well', BURST)
  const before = well.count()
  const began = performance.now()
  outbox.take(due)
  while (well.count() - before < BURST) await sleep(1)
  return Math.round(BURST / ((performance.now() - began) / 1000))
}

function percentiles(figures: readonly number[]) {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)
  return { p50: at(0.5), p99: at(0.99) }
}

async function openSink(answer_after_ms: number) {
  const waiting: ((at: number) => void)[] = []
  let count = 0
  const server = createServer((incoming, response) => {
    const at = performance.now()
    count++
    for (const resolve of waiting.splice(0)) resolve(at)
    incoming.resume()
    incoming.on('end', () => setTimeout(() => response.writeHead(204).end(), answer_after_ms))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    count: () => count,
    next: () => new Promise<number>((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections()
      await once(server, 'close')
    },
  }
}
