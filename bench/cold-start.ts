/**
 * From spawning `metalgap start` until its first premium can be read in the database, on a fresh and on a known data
 * folder, against starting the embedded Postgres alone; then resident memory while it polls three feeds every second.
 *
 *     node bench/cold-start.ts [--minutes 10]
 */
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openLog } from '../src/log.ts'
import { startExchanges } from '../src/simulator/exchanges.ts'
import { scenario } from '../src/simulator/scenario.ts'
import { openDatabase } from '../src/store/database.ts'
import { openEmbedded } from '../src/store/embedded.ts'
import { writeConfiguration } from './lib/configuration.ts'
import { openFolder } from './lib/folder.ts'
import { openMachine, round, spread } from './lib/machine.ts'
import { openReceiver } from './lib/receiver.ts'
import { startProduct } from './lib/start.ts'

const RUNS = 5
const LOOK_EVERY_MS = 5
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } })
const minutes = Number(values.minutes)

const machine = openMachine()
await using receiver = await openReceiver()
const began = Date.now()
const exchanges = await startExchanges({
  prices: scenario(() => began, began),
  clock: { now: () => new Date() },
  sge_delay_ms: 1_000,
})
const wishes = { exchanges: exchanges.url, receiver: receiver.url, schedule: '* * * * * *' }

const times = { fresh: [], warm: [], floor_fresh: [], floor_warm: [] } as Record<string, number[]>
for (let i = 0; i < RUNS; i++) {
  using folder = openFolder()
  const config = writeConfiguration(folder.path, wishes)
  for (const how of ['fresh', 'warm']) {
    times[`floor_${how}`]?.push(await postgresAlone(join(folder.path, 'alone')))
    times[how]?.push(await firstPremium(folder.path, config))
  }
}
const memory = await residentMemory()
await exchanges.close()

const median = (name: string) => spread(times[name] ?? []).p50
const started = (how: string) => ({
  first_premium_ms: median(how),
  floor_ms: median(`floor_${how}`),
  ratio: round(median(how) / median(`floor_${how}`)),
})
const figures = { runs: RUNS, fresh: started('fresh'), warm: started('warm'), memory }
console.log(JSON.stringify({ figure: 'cold-start', ...machine(), ...figures }, undefined, 2))

/** Milliseconds to make (unless it is there) and start the server and connect to it. */
async function postgresAlone(data: string): Promise<number> {
  const start = performance.now()
  await using _embedded = await openEmbedded({ data, log: openLog('warn', false) })
  return performance.now() - start
}

async function firstPremium(folder: string, config: string): Promise<number> {
  const product = await startProduct(folder, config)
  await using database = openDatabase(product.run.database, { max: 1 })
  const since = new Date(product.spawned)
  const seen = 'select from reporting.premiums where seen_at >= $1 limit 1'
  while ((await database.query(seen, [since])).rowCount === 0) await sleep(LOOK_EVERY_MS)
  const took = Date.now() - product.spawned
  await product.stop()
  return took
}

/** Of the process alone, without the database server; the floor is a Node that does nothing. */
async function residentMemory() {
  using folder = openFolder()
  const product = await startProduct(folder.path, writeConfiguration(folder.path, wishes))
  const samples: number[] = []
  for (let second = 0; second < minutes * 60; second += 5) {
    await sleep(5_000)
    samples.push(residentMb(product))
  }
  await product.stop()
  const [middle = 0, last = 0] = [samples[Math.floor(samples.length / 2)], samples.at(-1)]
  const floor_mb = await idleNodeMb()
  return {
    ...{ minutes, first_mb: samples[0], middle_mb: middle, last_mb: last, most_mb: Math.max(...samples) },
    ...{ growth_mb_per_minute: round((last - middle) / (minutes / 2)) },
    ...{ floor_mb, ratio: round(last / floor_mb) },
  }
}

async function idleNodeMb(): Promise<number> {
  const idle = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
  await sleep(1_000)
  const mb = residentMb(idle)
  idle.kill()
  return mb
}

function residentMb({ pid }: { pid?: number | undefined }): number {
  return round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) / 1024)
}
