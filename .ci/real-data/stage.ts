/** The real adapters, queue and database on a clock that the check moves: what is polled at a moment is known at it. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { type Context, openContext } from '../../src/context.ts'
import { poll } from '../../src/pipeline.ts'
import { simulatedClock } from '../../src/simulator/clock.ts'
import { startExchanges } from '../../src/simulator/exchanges.ts'
import { type RecordedPrice, recordedPrices } from '../../src/simulator/prices.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openQueues } from '../../workers/queues.ts'

export interface Stage extends AsyncDisposable {
  context: Context
  /** moves the clock and polls the feeds, one job each through the queue, in this order */
  pollAt(instant: number, feeds: readonly string[]): Promise<void>
  rows<Row>(sql: string): Promise<Row[]>
}

/** `files` are a configuration; URL in them stands for the exchanges. */
export async function openStage(
  prices: readonly RecordedPrice[],
  files: Record<string, string>,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'metalgap-real-data-'))
  const log = pino({ level: 'error' }, pino.destination(2))
  const clock = simulatedClock({ real: () => 0, at: new Date(0) })
  const exchanges = await startExchanges({ prices: recordedPrices(prices), clock, sge_delay_ms: 0 })
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'config', name)), { recursive: true })
    await writeFile(join(folder, 'config', name), text.replaceAll('URL', exchanges.url))
  }
  const embedded = await openEmbedded({ data: join(folder, 'data'), log, durable: false })
  await migrate(embedded.url)
  const database = openDatabase(embedded.url)
  const config = await readConfig(join(folder, 'config'), {}, new Date())
  const context = await openContext({
    config,
    database,
    log,
    now: () => clock.now(),
    life: new AbortController().signal,
  })
  const queues = await openQueues({ databaseUrl: embedded.url, migrate: true, log })
  let arrived = Promise.withResolvers<void>()
  const run = async ({ feed, slot }: { feed: string; slot: string }) => {
    await poll(context, { feed, slot: new Date(slot) }).then(
      () => arrived.resolve(),
      (error) => arrived.reject(error),
    )
  }
  queues.work('poll', run, 1)
  return {
    context,
    async pollAt(instant, feeds) {
      clock.set(new Date(instant))
      for (const feed of feeds) {
        arrived = Promise.withResolvers()
        await queues.add('poll', { feed, slot: clock.now().toISOString() })
        await arrived.promise
      }
    },
    rows: async <Row>(sql: string) => (await database.query<Row>(sql)).rows,
    async [Symbol.asyncDispose]() {
      await queues[Symbol.asyncDispose]()
      await database.close()
      await exchanges.close()
      await embedded.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Fails the check when they differ, and says where. */
export function compare(title: string, expected: Map<string, string>, found: Map<string, string>): void {
  const keys = new Set([...expected.keys(), ...found.keys()])
  const differences = [...keys].filter((key) => expected.get(key) !== found.get(key))
  console.log(`${title}: ${expected.size} expected, ${found.size} found, ${differences.length} different`)
  for (const key of differences.slice(0, 10)) {
    console.log(`  ${key}: expected ${expected.get(key) ?? 'nothing'}, found ${found.get(key) ?? 'nothing'}`)
  }
  if (differences.length > 0 || expected.size === 0) process.exitCode = 1
}
