/** A small world: simulated exchanges on loopback, a clock that the test moves, a database of its own, and the real pipeline. */
import { pino } from 'pino'
import { type Context, openContext } from '../src/context.ts'
import { poll } from '../src/pipeline.ts'
import { type SimulatedClock, simulatedClock } from '../src/simulator/clock.ts'
import { type Exchanges, startExchanges } from '../src/simulator/exchanges.ts'
import { type RecordedPrice, recordedPrices } from '../src/simulator/prices.ts'
import type { Database } from '../src/store/database.ts'
import { CHANNELS, configFrom } from './config.ts'
import { freshDatabase } from './database.ts'
import { CALM, eastOf } from './prices.ts'

export interface World extends AsyncDisposable {
  context: Context
  clock: SimulatedClock
  exchanges: Exchanges
  database: Database
  /** what the exchanges know; rows may be added while the world runs */
  prices: RecordedPrice[]
  /** polls these feeds at the clock's time, one after the other */
  poll(...feeds: string[]): Promise<void>
  rows<Row = Record<string, string>>(sql: string): Promise<Row[]>
  /** the same database read by a process with another configuration */
  restart(texts: Record<string, string>): Promise<void>
}

export const SILVER = `
metal: silver
title: Silver
unit: oz
tax: { china_vat: [{ from: 2000-01-01, rate: 0.17 }, { from: 2019-04-01, rate: 0.13 }] }
pairs:
  silver-live:
    east: { series: sina/ag-td, max_age: 45m }
    west: { series: sina/xag, max_age: 5m }
    fx: { series: sina/usdcny, max_age: 30m }
    max_skew: 5m
    plausible_premium: [-50%, 100%]
rules:
  silver-gap:
    pair: silver-live
    measure: as_quoted_usd
    direction: above
    raise: 5.50
    clear: 5.00
    severity: warning
    notify: [terminal]
`

const ALWAYS = `
feeds:
  sina: { base_url: URL, series: { ag-td: { calendar: always }, xag: { calendar: always } } }
  sge-delayed: { base_url: URL, series: { ag-td: { calendar: always } } }
  sge-benchmark: { base_url: URL }
  lbma: { base_url: URL }
  ecb: { base_url: URL }
  cfets: { base_url: URL }
`

/** `texts` are the files of the configuration that differ from a silver pair fed by Sina alone, around the clock. */
export async function openWorld(at: string, texts: Record<string, string> = {}): Promise<World> {
  const prices: RecordedPrice[] = []
  const clock = simulatedClock({ real: () => 0, at: new Date(at) })
  const exchanges = await startExchanges({ prices: livePrices(prices), clock })
  const database = await freshDatabase()
  const open = async (changed: Record<string, string>) =>
    openContext({
      config: await configFrom({
        'metals/silver.yaml': SILVER,
        'feeds.yaml': ALWAYS.replaceAll('URL', exchanges.url),
        'channels.yaml': CHANNELS,
        'network.yaml': 'allow_private: [127.0.0.0/8]\n',
        ...changed,
      }),
      database,
      log: pino({ level: 'silent' }),
      now: () => clock.now(),
      life: new AbortController().signal,
    })
  const world: World = {
    context: await open(texts),
    clock,
    exchanges,
    database,
    prices,
    async poll(...feeds) {
      for (const feed of feeds) await poll(world.context, { feed, slot: clock.now() })
    },
    async rows<Row>(sql: string) {
      return (await database.query<Row>(sql)).rows
    },
    async restart(changed) {
      world.context = await open({ ...texts, ...changed })
    },
    async [Symbol.asyncDispose]() {
      await exchanges.close()
      await database[Symbol.asyncDispose]()
    },
  }
  return world
}

/** The recording is read anew for each question, so that a test may add to it. */
function livePrices(rows: RecordedPrice[]): ReturnType<typeof recordedPrices> {
  return {
    latest: (...asked) => recordedPrices([...rows]).latest(...asked),
    between: (...asked) => recordedPrices([...rows]).between(...asked),
  }
}

/** `quote(world, '10:00', { 'sina/xag': '30.00' })`: prices made at a minute of the world's day, in UTC. */
export function quote(world: World, time: string, prices: Record<string, string>): void {
  const day = world.clock.now().toISOString().slice(0, 10)
  for (const [series, price] of Object.entries(prices)) {
    world.prices.push({ series, at: Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`), price })
  }
}

/** Moves the clock to a minute of its day and polls. */
export async function pollAt(world: World, time: string, ...feeds: string[]): Promise<void> {
  const day = world.clock.now().toISOString().slice(0, 10)
  world.clock.set(new Date(`${day}T${time.length === 5 ? `${time}:00` : time}Z`))
  await world.poll(...(feeds.length === 0 ? ['sina'] : feeds))
}

/** The same at a minute whose prices make a gap of so many USD an ounce. */
export async function gapAt(world: World, time: string, gap: number): Promise<void> {
  quote(world, time, { ...CALM, 'sina/ag-td': eastOf(gap) })
  await pollAt(world, time)
}
