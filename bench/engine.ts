/**
 * Events through `advance` for each second of processor time: a poll every second brings a rate, a west and an east
 * tick, the rules breach and clear now and then. The floor is the same stream through a bare loop that only computes
 * the premium. The events are made in parts before the clock runs. Prints JSON; `node bench/engine.ts [events] [runs]`.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { advance } from '../src/engine/engine.ts'
import type { Event, Tick } from '../src/engine/model.ts'
import { computePremium } from '../src/engine/premium.ts'
import type { LegSpec, PairSpec } from '../src/engine/spec.ts'
import { newState } from '../src/engine/state.ts'
import { MINUTE, rule, SECOND, silver } from '../tests/engine/build.ts'

const events = Number(process.argv[2] ?? 300_000)
const runs = Number(process.argv[3] ?? 25)
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const SERIES = ['fx/0', 'west/0', 'east/0'] as const

/** The tick number i of the stream; prices wander as prices do. */
function tickAt(i: number): Tick {
  const series = SERIES[i % 3] as string
  const at = 1_769_594_400_000 + Math.floor(i / 3) * SECOND
  return {
    tick_id: i,
    series,
    at,
    seen_at: at + 500,
    price: priceOf(series, i),
    revision: 1,
    quarantined: null,
  }
}

function eventAt(i: number): Ticks {
  const tick = tickAt(i)
  return { is: 'ticks', seen_at: tick.seen_at, ticks: [tick] }
}

function priceOf(series: string, i: number): number {
  if (series === 'fx/0') return 7.1 + Math.sin(i / 50_000) / 10
  return series === 'west/0' ? 30 + Math.sin(i / 10_000) : 8000 + Math.sin(i / 3000) * 700
}

const PART = 3000
type Fold = (event: Ticks) => number
type Ticks = Event & { is: 'ticks' }
interface Run {
  told: number
  /** microseconds */
  took: number
}

/** Events of a part are made first, so that only what is measured is measured, and memory stays as small as it is in use. */
function through(fold: Fold): Run {
  const run: Run = { told: 0, took: 0 }
  for (let from = 0; from < events; from += PART) {
    const part = Array.from({ length: Math.min(PART, events - from) }, (_, i) => eventAt(from + i))
    const began = process.cpuUsage()
    for (let i = 0; i < part.length; i++) run.told += fold(part[i] as Ticks)
    const { user, system } = process.cpuUsage(began)
    run.took += user + system
  }
  return run
}

function throughEngine(spec: PairSpec): Run {
  const state = newState(spec)
  return through((event) => {
    const step = advance(spec, state, event)
    return step.premiums.length + step.transitions.length
  })
}

function throughFloor(spec: PairSpec): Run {
  const last: Record<string, Tick> = {}
  const [east_spec, west_spec] = [spec.east[0], spec.west[0]] as [LegSpec, LegSpec]
  return through(({ ticks: [tick] }) => {
    if (tick === undefined) return 0
    last[tick.series] = tick
    const { 'east/0': east, 'west/0': west, 'fx/0': fx } = last
    if (tick === fx || !east || !west || !fx) return 0
    const premium = computePremium({ east_spec, west_spec, east, west, fx }, tick.seen_at, 'observation')
    return premium.as_quoted_pct > -100 ? 1 : 0
  })
}

/**
 * The best of the runs, which other work on the machine disturbed least; in processor time, not by the clock. Garbage is
 * collected by force before and after them only: with the last open breach V8 would forget the code that was compiled for one.
 */
function measure(once: () => Run) {
  const { told } = once()
  collect()
  const heap = process.memoryUsage().heapUsed
  const least = Math.min(...Array.from({ length: runs }, () => once().took))
  collect()
  const heap_growth_bytes = process.memoryUsage().heapUsed - heap
  return { events_per_second: Math.round(events / (least / 1_000_000)), heap_growth_bytes, told }
}

const rules = [0, 1, 2, 3, 4].map((i) =>
  rule({
    rule: `rule-${i}`,
    measure: i % 2 === 0 ? 'as_quoted_usd' : 'ex_tax_pct',
    levels: [{ raise: 5.5 + i, clear: 5 + i, for_ms: 5 * MINUTE, clear_for_ms: 10 * MINUTE }],
  }),
)
const ages = {
  east: { max_age_ms: 45 * MINUTE },
  west: { max_age_ms: 5 * MINUTE },
  fx: { max_age_ms: 30 * MINUTE },
}

const floor = measure(() => throughFloor(silver({}, ages)))
const one_rule = measure(() => throughEngine(silver({ rules: rules.slice(0, 1) }, ages)))
const five_rules = measure(() => throughEngine(silver({ rules }, ages)))
const times = (figure: typeof floor) =>
  Number((floor.events_per_second / figure.events_per_second).toFixed(2))

console.log(
  JSON.stringify(
    {
      bench: 'engine',
      node: process.version,
      events,
      runs,
      floor,
      one_rule: { ...one_rule, times_floor: times(one_rule) },
      five_rules: { ...five_rules, times_floor: times(five_rules) },
    },
    null,
    2,
  ),
)
