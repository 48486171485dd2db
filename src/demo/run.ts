/** The demo from beginning to end: simulated exchanges, the real product, a receiver that checks, and what they show. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { Settings } from '../settings.ts'
import { startExchanges } from '../simulator/exchanges.ts'
import { type Heard, startReceiver } from '../simulator/receiver.ts'
import { scenario } from '../simulator/scenario.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { countsSince, type Standing, standings } from '../store/standing.ts'
import { writeDemoConfiguration } from './configuration.ts'
import { openDemoDatabase } from './database.ts'
import { newsOf, newsOfWebhook } from './news.ts'
import { openScreen, type Screen, type ScreenOptions } from './screen.ts'
import { summarise } from './summary.ts'

/** Starts the product with these settings; `stop` finishes what it has begun. */
export type StartProduct = (settings: Settings, log: Log) => Promise<{ stop(): Promise<void> }>

export interface DemoOptions {
  /** of the live product; the demo keeps to a folder `demo` below its data */
  settings: Settings
  log: Log
  startProduct: StartProduct
  screen: Omit<ScreenOptions, 'hints' | 'started'>
  /** aborted when the demo must end */
  end: AbortSignal
}

const SGE_DELAY_MS = 1_000
const LOOK_EVERY_MS = 500
const DELIVERY_PATIENCE_MS = 5_000

/** Runs until `end`; answers whether every alert arrived with a genuine signature. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { log, end } = options
  await using open = new AsyncDisposableStack()
  const settings = demoSettings(options.settings)
  const server = open.use(await openDemoDatabase(settings, log))
  const heard: ((heard: Heard) => void)[] = []
  const market = await openMarket(open, settings.config, (news) => heard.forEach((hear) => void hear(news)))
  const product = await options.startProduct({ ...settings, databaseUrl: server.url }, log)
  open.defer(() => product.stop())
  const database = open.use(openDatabase(server.url, { max: 1 }))
  const started = market.begin()
  const screen = openScreen({
    ...options.screen,
    started,
    hints: hints(server.environment, await server.readerUrl()),
  })
  heard.push((news) => screen.tell(newsOfWebhook(news, new Date())))
  await watch(database, screen, end)
  await settled(database, started)
  const counts = await countsSince(database, started)
  const { lines, sound } = summarise(counts, market.heard, (Date.now() - started.getTime()) / 1000)
  screen.end([...lines, '  go live with: npm start'])
  return sound
}

/** Nothing of the live product is touched: another folder, another port, and no queue on a shared Redis. */
function demoSettings({ redisUrl: _live, ...settings }: Settings): Settings {
  const folder = join(settings.data, 'demo')
  return { ...settings, data: folder, config: join(folder, 'config'), port: 0 }
}

interface Market {
  heard: readonly Heard[]
  /** the first round of prices begins now */
  begin(): Date
}

async function openMarket(
  open: AsyncDisposableStack,
  config: string,
  hear: (heard: Heard) => void,
): Promise<Market> {
  let began: number | null = null
  const now = () => new Date()
  const prices = scenario(() => began, Date.now())
  const exchanges = await startExchanges({ prices, clock: { now }, sge_delay_ms: SGE_DELAY_MS })
  open.defer(() => exchanges.close())
  const secret = `whsec_${randomBytes(24).toString('base64')}`
  const receiver = await startReceiver({ secret, now, hear })
  open.defer(() => receiver.close())
  await writeDemoConfiguration(config, { exchanges: exchanges.url, receiver: receiver.url, secret })
  const begin = () => {
    began = Date.now()
    return new Date(began)
  }
  return { heard: receiver.heard, begin }
}

function hints(environment: string, reader: string): string[] {
  return [
    `Look at it:  ${environment}npx metalgap premiums`,
    `             psql "${reader}" -c 'select * from reporting.premiums limit 5'`,
    'Go live:     npm start          End the demo: Ctrl-C',
  ]
}

async function watch(database: Database, screen: Screen, end: AbortSignal): Promise<void> {
  let before: Standing[] = []
  while (!end.aborted) {
    const now = await standings(database)
    const time = new Date()
    for (const news of newsOf(before, now, time)) screen.tell(news)
    screen.show(now, time)
    before = now
    await sleep(LOOK_EVERY_MS, undefined, { signal: end }).catch(() => {})
  }
}

/** Gives what is on its way a few seconds to arrive. */
async function settled(database: Database, started: Date): Promise<void> {
  for (let waited = 0; waited < DELIVERY_PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const { deliveries, delivered } = await countsSince(database, started)
    if (deliveries === delivered) return
    await sleep(LOOK_EVERY_MS)
  }
}
