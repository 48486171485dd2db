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
import { openCore } from './lib/core.ts'
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
/** Of the engine alone, so that one of its stretches meets a moment in which the core is wholly ours. */
const PASSES = 10

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
const engine = await engineAlone()
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
      engine_alone: engine,
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

interface Stretch {
  minutes: number
  seconds: number
  /** milliseconds that the probes of the core took before and after */
  probed: number
}

/**
 * Minutes a second of processor time, over the stretch of the years that other work on the machine disturbed least, and how
 * much of the core that one had; beside them the median over all stretches. Garbage is collected several times in each.
 * Events are read before the clock runs.
 */
async function engineAlone() {
  const core = openCore()
  const stretches: Stretch[] = []
  for (let pass = 0; pass < PASSES; pass++) stretches.push(...(await throughEngine(core.probe)))
  const paces = stretches
    .map(({ minutes, seconds, probed }) => ({ pace: minutes / seconds, core_share: core.share(probed / 2) }))
    .toSorted((a, b) => b.pace - a.pace)
  const tell = (stretch: (typeof paces)[number] | undefined) =>
    stretch && { minutes_per_second: Math.round(stretch.pace), core_share: round(stretch.core_share) }
  return { best: tell(paces[0]), median: tell(paces[Math.floor(paces.length / 2)]) }
}

async function throughEngine(probe: () => number): Promise<Stretch[]> {
  if (spec === undefined) return []
  const state = newState(spec)
  const stretches: Stretch[] = []
  let stretch = { minutes: 0, seconds: 0, probed: probe() }
  for await (const part of partsOf(source(spec))) {
    const began = process.cpuUsage()
    for (let i = 0; i < part.length; i++) advance(spec, state, part[i] as Event)
    const { user, system } = process.cpuUsage(began)
    stretch.minutes += part.length
    stretch.seconds += (user + system) / 1_000_000
    if (stretch.minutes < STRETCH) continue
    const probed = probe()
    stretches.push({ ...stretch, probed: stretch.probed + probed })
    stretch = { minutes: 0, seconds: 0, probed }
  }
  return stretches
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
