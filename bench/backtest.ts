/**
 * One year of minutes (525,600 triples) with five rules: `metalgap backtest` reading from Postgres, against
 * `promtool tsdb create-blocks-from rules` on a month of the same series and the same bounds (its import is not counted). Prints JSON;
 * `node bench/backtest.ts [minutes]`. Without promtool (Debian's package prometheus) only our side is measured.
 */
import { join } from 'node:path'
import { backtest } from '../src/backtest/backtest.ts'
import { runPair } from '../src/backtest/run.ts'
import { storedSource } from '../src/backtest/source.ts'
import { readConfig } from '../src/config.ts'
import { advance } from '../src/engine/engine.ts'
import type { Event } from '../src/engine/model.ts'
import { newState } from '../src/engine/state.ts'
import { compilePairs } from '../src/evaluation/pairs.ts'
import { eventsOf } from '../src/replay/events.ts'
import { openFolder } from './lib/folder.ts'
import { fillHistory, gapAt, legsAt, openHistory } from './lib/history.ts'
import { openMachine, round } from './lib/machine.ts'
import { promtool } from './lib/promtool.ts'

const minutes = Number(process.argv[2] ?? 525_600)
const RUNS = 3
const AIM = 20
const MONTH = 43_200
/** Little more than reading hands over at a time: prices that wait long grow old, and collecting them takes longer than the engine. */
const PART = 300
const STRETCH = 25_000

const machine = openMachine()
using folder = openFolder()
await using history = await openHistory(folder.path)
await fillHistory(history.url, minutes)
const config = await readConfig(history.config, {}, new Date())
const source = storedSource(history.url, { from: null, to: null })
const spec = compilePairs(config)['bench']
if (spec === undefined) throw new Error('no pair bench')

await backtest(config, storedSource(history.url, { from: null, to: legsAt(20_000)[0].seen_at }), {
  rule: null,
  budget: null,
})
const read = await best(async () => {
  let ticks = 0
  for await (const batch of source(spec)) ticks += batch.length
  return ticks
})
const whole = await best(() => runPair(spec, source))
const engine = Math.max(await throughEngine(), await throughEngine(), await throughEngine())
// promtool goes block by block, so that a month tells its pace; a year takes it many gigabytes of memory
const theirs = await promtool(join(folder.path, 'promtool'), Math.min(minutes, MONTH), gapAt)
const pace = minutes / whole.seconds
const times = theirs === null ? null : round(pace / theirs.minutes_per_second)
console.log(
  JSON.stringify(
    {
      figure: 'backtest',
      ...machine(),
      minutes,
      rules: spec.rules.length,
      ours: {
        seconds: whole.seconds,
        minutes_per_second: Math.round(pace),
        alerts: whole.answer.breaches.length,
        reading_alone_seconds: read.seconds,
        resident_mb: Math.round(process.memoryUsage().rss / 1e6),
      },
      engine_alone_minutes_per_second: Math.round(engine),
      promtool: theirs,
      times_faster: times,
      aim: AIM,
      met: times !== null && times >= AIM,
    },
    undefined,
    2,
  ),
)

/** The best of some runs, which other work on the machine disturbed least. */
async function best<T>(work: () => Promise<T>): Promise<{ seconds: number; answer: T }> {
  let seconds = Number.POSITIVE_INFINITY
  let answer: T | null = null
  for (let run = 0; run < RUNS; run++) {
    const began = performance.now()
    answer = await work()
    seconds = Math.min(seconds, (performance.now() - began) / 1000)
  }
  return { seconds: round(seconds), answer: answer as T }
}

/**
 * Minutes a second of processor time, over the stretch of the year that other work on the machine disturbed least; garbage
 * is collected several times in each. Events are read before the clock runs.
 */
async function throughEngine(): Promise<number> {
  if (spec === undefined) return 0
  const state = newState(spec)
  let best = 0
  let stretch = { minutes: 0, seconds: 0 }
  for await (const part of partsOf(source(spec))) {
    const began = process.cpuUsage()
    for (let i = 0; i < part.length; i++) advance(spec, state, part[i] as Event)
    const { user, system } = process.cpuUsage(began)
    stretch.minutes += part.length
    stretch.seconds += (user + system) / 1_000_000
    if (stretch.minutes < STRETCH) continue
    best = Math.max(best, stretch.minutes / stretch.seconds)
    stretch = { minutes: 0, seconds: 0 }
  }
  return best
}

async function* partsOf(ticks: ReturnType<typeof source>): AsyncGenerator<Event[]> {
  let part: Event[] = []
  for await (const events of eventsOf(ticks)) {
    part.push(...events)
    if (part.length < PART) continue
    yield part
    part = []
  }
}
