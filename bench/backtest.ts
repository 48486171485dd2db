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
import type { PairSpec } from '../src/engine/spec.ts'
import { newState } from '../src/engine/state.ts'
import { compilePairs } from '../src/evaluation/pairs.ts'
import { eventsOf } from '../src/replay/events.ts'
import { Core } from './lib/core.ts'
import { openFolder } from './lib/folder.ts'
import { fillHistory, gapAt, legsAt, openHistory } from './lib/history.ts'
import { openMachine, round } from './lib/machine.ts'
import { promtool } from './lib/promtool.ts'

const minutes = Number(process.argv[2] ?? 525_600)
const RUNS = 3
const AIM = 20
const MONTH = 43_200
/** Prices that wait long grow old, and collecting them takes longer than the engine. */
const PART = 2000
/** Of the engine alone, so that some of its parts meet moments in which the core is ours. */
const PASSES = 25
/** In the first ones V8 still compiles. */
const WARM_UP = 3
const WHOLE_CORE = 0.85

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
const resident_mb = Math.round(process.memoryUsage().rss / 1e6)
const engine = await engineAlone(spec)
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
        resident_mb,
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

interface Part {
  minutes: number
  seconds: number
  /** milliseconds that the probes of the core took before and after */
  probed: number
}

/**
 * Minutes a second of processor time: in all parts, and in those that had the core to themselves. Garbage is collected in
 * every fifth or so.
 */
async function engineAlone(spec: PairSpec) {
  const events = (await Array.fromAsync(eventsOf(source(spec)))).flat()
  const core = new Core()
  const passes = Array.from({ length: WARM_UP + PASSES }, () => throughEngine(spec, events, core))
  const parts = passes.slice(WARM_UP).flat()
  const undisturbed = parts.filter(({ probed }) => core.share(probed / 2) >= WHOLE_CORE)
  return { whole_core: paceOf(undisturbed), any: paceOf(parts) }
}

function paceOf(parts: readonly Part[]) {
  const minutes = parts.reduce((sum, part) => sum + part.minutes, 0)
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0)
  return { minutes_per_second: minutes === 0 ? null : Math.round(minutes / seconds), parts: parts.length }
}

/** What is folded was made a moment before, as it is where it is read, and before the clock runs. */
function throughEngine(spec: PairSpec, events: readonly Event[], core: Core): Part[] {
  const state = newState(spec)
  const parts: Part[] = []
  for (let from = 0; from < events.length; from += PART) {
    const part = events.slice(from, from + PART).map(madeAnew)
    const before = core.probe()
    const began = process.cpuUsage()
    for (let i = 0; i < part.length; i++) advance(spec, state, part[i] as Event)
    const { user, system } = process.cpuUsage(began)
    parts.push({ minutes: part.length, seconds: (user + system) / 1_000_000, probed: before + core.probe() })
  }
  return parts
}

function madeAnew(event: Event): Event {
  return event.is === 'clock' ? { ...event } : { ...event, ticks: event.ticks.map((tick) => ({ ...tick })) }
}
