/**
 * From the commit of a delivery to its first byte at the receiver: idle, and while another destination is paused and a
 * third is slow; against a floor: one commit and a bare undici POST. The three take turns, so that noise hits each of
 * them. And deliveries a second of a burst to one host, beside two commits and a POST as often, four at a time.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { request } from 'undici'
import type { Config } from '../src/config.ts'
import type { Context } from '../src/context.ts'
import { addressed } from '../src/delivery/addressed.ts'
import { testMessage } from '../src/message/test-message.ts'
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
const BURST = 1_000
/** of the slow destination, at a time: four exchanges that hang, and two that wait for a place */
const SLOW = 6

let written = 0
const log = pino({ level: 'silent' })
const machine = openMachine()
using folder = openFolder()
await using embedded = await openEmbedded({ data: folder.path, log })
await migrate(embedded.url)
await using database = openDatabase(embedded.url)
await database.query('create table public.floor (id bigint generated always as identity, body text)')
await using well = await openSink()
await using slow = await openSink()

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

await database.query(
  "update metalgap.channels set paused_until = now() + interval '1 hour' where channel = 'paused'",
)
const [idle, disturbed, floor] = await measure(sendOne, sendOneBesideTheOthers, sendBare)
const many = await write('well', BURST)
const deliveries_a_second = await burst(async () => outbox.take(many))
const bare_a_second = await burst(sendManyBare)
life.abort()
await outbox[Symbol.asyncDispose]()
const figures = {
  figure: 'delivery',
  ...machine(),
  rounds: ROUNDS,
  commit_to_first_byte_ms: { idle, disturbed, floor },
  idle_to_floor_p50: round(idle.p50 / floor.p50),
  met: idle.p50 <= 3 * floor.p50,
  disturbed_to_idle: { p50: round(disturbed.p50 / idle.p50), p99: round(disturbed.p99 / idle.p99) },
  deliveries_a_second,
  bare_a_second,
}
console.log(JSON.stringify(figures, undefined, 2))

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

interface Percentiles {
  p50: number
  p99: number
}

/** Each act in turn, its time in ms; the first rounds do not count. */
async function measure(...acts: (() => Promise<number>)[]): Promise<[Percentiles, Percentiles, Percentiles]> {
  const times = acts.map((): number[] => [])
  for (let n = 0; n < ROUNDS + WARM_UP; n++) {
    for (const [i, act] of acts.entries()) {
      const took = await act()
      if (n >= WARM_UP) times[i]?.push(took)
      await sleep(5)
    }
  }
  return times.map(percentiles) as [Percentiles, Percentiles, Percentiles]
}

async function sendOne(): Promise<number> {
  const due = await write('well', 1)
  return firstByte(async () => outbox.take(due))
}

/** Ends when the slow destination has answered everything. */
async function sendOneBesideTheOthers(): Promise<number> {
  slow.hold()
  outbox.take(await write('slow', SLOW))
  outbox.take(await write('paused', 1))
  const took = await sendOne()
  slow.release()
  while (outbox.size() > 0) await sleep(1)
  return took
}

async function sendBare(): Promise<number> {
  return firstByte(async () => {
    await database.query('insert into public.floor (body) values ($1)', ['x'])
    await postBare()
  })
}

async function postBare(): Promise<void> {
  const reply = await request(well.url, { method: 'POST', body: '{}' })
  await reply.body.dump()
}

async function firstByte(act: () => Promise<unknown>): Promise<number> {
  const arrival = well.next()
  const began = performance.now()
  const acting = act()
  const took = (await arrival) - began
  await acting
  return took
}

async function burst(send: () => Promise<unknown>): Promise<number> {
  const before = well.count()
  const began = performance.now()
  await send()
  while (well.count() - before < BURST) await sleep(1)
  return Math.round(BURST / ((performance.now() - began) / 1000))
}

async function sendManyBare(): Promise<void> {
  let left = BURST
  const commit = () => database.query('insert into public.floor (body) values ($1)', ['x'])
  const lane = async () => {
    while (left-- > 0) {
      await commit()
      await postBare()
      await commit()
    }
  }
  await Promise.all([lane(), lane(), lane(), lane()])
}

function percentiles(figures: readonly number[]): Percentiles {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)
  return { p50: at(0.5), p99: at(0.99) }
}

async function openSink() {
  const waiting: ((at: number) => void)[] = []
  const held: ServerResponse[] = []
  let holding = false
  let count = 0
  const server = createServer((incoming, response) => {
    const at = performance.now()
    count++
    for (const resolve of waiting.splice(0)) resolve(at)
    incoming.resume()
    incoming.on('end', () => {
      if (holding) held.push(response)
      else response.writeHead(204).end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    count: () => count,
    next: () => new Promise<number>((resolve) => waiting.push(resolve)),
    /** answers nothing until it is released */
    hold: () => {
      holding = true
    },
    release: () => {
      holding = false
      for (const response of held.splice(0)) response.writeHead(204).end()
    },
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections()
      await once(server, 'close')
    },
  }
}
