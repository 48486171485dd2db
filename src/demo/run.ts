/** The demo from beginning to end: simulated exchanges, the real product, a receiver that checks, and what they show. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { type RunFile, runningIn, writeRunFile } from '../run-file.ts'
import type { Settings } from '../settings.ts'
import { startExchanges } from '../simulator/exchanges.ts'
import { type Heard, startReceiver } from '../simulator/receiver.ts'
import { scenario } from '../simulator/scenario.ts'
import type { Database } from '../store/database.ts'
import { countsSince, type PairStanding, standings } from '../store/demo.ts'
import { writeDemoConfiguration } from './configuration.ts'
import { openDemoDatabase } from './database.ts'
import { type News, newsOf, newsOfWebhook } from './news.ts'
import { openScreen, type Screen, type ScreenOptions } from './screen.ts'
import { summarise } from './summary.ts'

/** The running product, as far as the demo looks into it. */
export interface Product extends AsyncDisposable {
  database: Database
  /** what it tells other terminals, the url of the reading role above all */
  run: RunFile
}

export interface DemoOptions {
  /** of the live product; the demo keeps to a folder `demo` below its data */
  settings: Settings
  log: Log
  openProduct(settings: Settings): Promise<Product>
  screen: Omit<ScreenOptions, 'hints' | 'started'>
  /** asked for once the product is ready; aborted when the demo must end */
  end(): AbortSignal
}

const SGE_DELAY_MS = 1_000
const LOOK_EVERY_MS = 500
const DELIVERY_PATIENCE_MS = 5_000

/** Runs until `end`; answers whether every alert arrived with a genuine signature. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { log } = options
  await using open = new AsyncDisposableStack()
  const settings = demoSettings(options.settings)
  const server = open.use(await openDemoDatabase(settings, log))
  const untold: News[] = []
  const market = await openMarket(open, settings.config, (heard) =>
    untold.push(newsOfWebhook(heard, new Date())),
  )
  const { database, run } = open.use(await options.openProduct(settings))
  open.use(announce(options.settings.data, run))
  const started = market.begin()
  const screen = openScreen({ ...options.screen, started, hints: hints(server.environment, run) })
  const end = options.end()
  await watch({ database, screen, untold, end })
  await settled(database, started)
  const counts = await countsSince(database, started)
  const seconds = Math.round((Date.now() - started.getTime()) / 1000)
  const summary = summarise(counts, market.heard, seconds)
  screen.end(summary)
  return summary.sound
}

/** Nothing of the live product is touched: another folder, another port, and no queue on a shared Redis. */
function demoSettings({ redisUrl: _live, ...settings }: Settings): Settings {
  const folder = join(settings.data, 'demo')
  return { ...settings, data: folder, config: join(folder, 'config'), port: 0 }
}

/** Other terminals look into the live product's folder; the demo stands there too, unless that one runs. */
function announce(data: string, run: RunFile): Disposable {
  return runningIn(data) === null ? writeRunFile(data, run) : new DisposableStack()
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

function hints(environment: string, run: RunFile): string[] {
  return [
    `ready:       port ${run.port}, database ${run.database_name}, queue on ${run.queue}`,
    `Look at it:  ${environment}npx metalgap premiums`,
    `             psql "${run.database}" -c 'select * from reporting.premiums limit 5'`,
    'Go live:     npm start          End the demo: Ctrl-C',
  ]
}

interface Watch {
  database: Database
  screen: Screen
  /** what the receiver heard since the last look */
  untold: News[]
  end: AbortSignal
}

async function watch({ database, screen, untold, end }: Watch): Promise<void> {
  let before: PairStanding[] = []
  while (!end.aborted) {
    const now = await standings(database)
    const time = new Date()
    // a webhook is faster than this look at the database, but its cause is told first
    for (const news of [...newsOf(before, now, time), ...untold.splice(0)]) screen.tell(news)
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
