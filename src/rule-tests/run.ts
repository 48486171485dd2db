/** Tells a story to the engine, minute by minute, up to the first one that is not as expected. */
import { byName } from '../by-name.ts'
import type { Config } from '../config.ts'
import type { Step } from '../engine/engine.ts'
import type { Event, Premium, Tick, Transition } from '../engine/model.ts'
import { nameOf } from '../engine/rules.ts'
import { type LegSpec, legsOf, type PairSpec } from '../engine/spec.ts'
import { newState, type PairState } from '../engine/state.ts'
import { dayNumber, instantAt } from '../engine/zone.ts'
import { UserError } from '../errors.ts'
import { compilePairs } from '../evaluation/pairs.ts'
import { didYouMean } from '../nearest.ts'
import { foldCorrecting } from '../replay/correcting.ts'
import { newLedger } from '../replay/ledger.ts'
import { differences } from './difference.ts'
import { messagesOf, type Said } from './messages.ts'
import type { Story } from './story.ts'
import type { Cell, Row } from './table.ts'

/** What really happened in a minute. */
export interface Minute {
  state: PairState['comparability']
  premiums: Premium[]
  /** a correction that changes no level is not told */
  transitions: Transition[]
  /** headline and lines of each transition's message */
  messages: string[]
  /** where every rule stands: 'silver-gap pending' */
  rules: string[]
}

export interface Failure {
  line: number
  /** '10:06', in the story's zone */
  time: string
  expected: string[]
  found: string[]
}

/** Null: all is as expected. Throws a UserError (2) where the story speaks of what the configuration does not have. */
export function tellStory(config: Config, story: Story): Failure | null {
  const spec = specOf(config, story)
  const legs = legsNamed(spec, story)
  const book = openBook()
  const ledger = newLedger()
  const told = new Map<string, Transition>()
  let state = newState(spec)
  for (const row of story.rows) {
    for (let minute = row.from; minute <= row.to; minute++) {
      const seen_at = momentOf(story, minute)
      const steps: Step[] = []
      for (const event of eventsAt(story, row, legs, seen_at, book))
        state = foldCorrecting(spec, state, event, ledger, (step) => steps.push({ ...step }))
      const found = minuteOf(config, spec, state, steps, { texts: book.texts, told })
      const wrong = differences(row.expect, found)
      if (wrong !== null) return { line: row.line, time: timeText(minute), ...wrong }
    }
  }
  return null
}

function specOf(config: Config, { pair, file, lines }: Story): PairSpec {
  const specs = compilePairs(config)
  const spec = specs[pair]
  if (spec !== undefined) return spec
  const names = Object.keys(specs)
  throw new UserError(
    `${file}:${lines.pair}: no pair "${pair}"${didYouMean(pair, names)}, expected one of ${names.join(', ')}`,
    2,
  )
}

function legsNamed(spec: PairSpec, story: Story): LegSpec[] {
  const legs = story.columns.map((name) => legOf(spec, story, name))
  const place = legs.findIndex((leg, i) => legs.indexOf(leg) < i)
  if (place < 0) return legs
  const { file, lines, columns } = story
  throw new UserError(
    `${file}:${lines.head}: a second column "${columns[place]}", expected each source once`,
    2,
  )
}

function legOf(spec: PairSpec, { file, lines }: Story, name: string): LegSpec {
  const sides = byName({ east: spec.east[0], west: spec.west[0], fx: spec.fx ?? undefined })
  const found = sides[name] ?? legsOf(spec).find((leg) => leg.facts.series === name)
  if (found !== undefined) return found
  const names = legsOf(spec).map((leg) => leg.facts.series)
  throw new UserError(
    `${file}:${lines.head}: no column "${name}", expected east, west, fx or one of ${names.join(', ')}`,
    2,
  )
}

type Quoted = Pick<Tick, 'series' | 'at' | 'seen_at'> & { cell: Cell }

/** Numbers ticks, and knows which price of which time was said before. */
function openBook() {
  const newest = new Map<string, Tick>()
  const last_good = new Map<string, number>()
  const texts = new Map<number, string>()
  return {
    texts,
    /** What is said again is told again: a source may take back what it said in between. Null: it goes back in time. */
    enter({ series, at, seen_at, cell }: Quoted): Tick | null {
      const key = `${series} ${at}`
      const price = Number(cell.price)
      const quarantined = cell.quarantined ? 'is not believed' : null
      const before = newest.get(key)
      if (before?.price === price && before.quarantined === quarantined) {
        const isOld = quarantined === null && at < (last_good.get(series) as number)
        return isOld ? null : { ...before, seen_at }
      }
      const revision = (before?.revision ?? 0) + 1
      const tick: Tick = { tick_id: texts.size + 1, series, at, seen_at, price, revision, quarantined }
      if (cell.disputed) tick.disputed = `another source of the instrument does not say ${cell.price}`
      if (quarantined === null) last_good.set(series, Math.max(at, last_good.get(series) ?? at))
      newest.set(key, tick)
      texts.set(tick.tick_id, cell.price)
      return tick
    },
  }
}

/** One poll a feed; the time passes too. */
function eventsAt(
  story: Story,
  row: Row,
  legs: readonly LegSpec[],
  seen_at: number,
  book: ReturnType<typeof openBook>,
): Event[] {
  const polls = new Map<string, Tick[]>()
  for (const [i, cell] of row.cells.entries()) {
    const { series, feed } = (legs[i] as LegSpec).facts
    if (cell === null) continue
    const at = cell.at === null ? seen_at : momentOf(story, cell.at)
    const tick = book.enter({ series, at, seen_at, cell })
    if (tick !== null) polls.set(feed, [...(polls.get(feed) ?? []), tick])
  }
  const ticks = [...polls.values()].map((each): Event => ({ is: 'ticks', seen_at, ticks: each }))
  return [...ticks, { is: 'clock', at: seen_at }]
}

function minuteOf(
  config: Config,
  spec: PairSpec,
  state: PairState,
  steps: readonly Step[],
  said: Said,
): Minute {
  const transitions = steps.flatMap((step) => step.transitions).filter(({ silent }) => silent !== true)
  return {
    state: state.comparability,
    premiums: steps.flatMap((step) => step.premiums),
    transitions,
    messages: messagesOf(config, spec, transitions, said),
    rules: spec.rules.map(({ rule }) => {
      const now = state.rules[rule]
      return `${rule} ${now === undefined ? 'ok' : nameOf(now)}`
    }),
  }
}

function momentOf({ zone, date }: Story, minute: number): number {
  return instantAt(zone, dayNumber(date) + Math.floor(minute / 1440), minute % 1440)
}

function timeText(minute: number): string {
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  const [day, within] = [Math.floor(minute / 1440), minute % 1440]
  const seconds = Math.round((within % 1) * 60)
  return `${day > 0 ? `+${day} ` : ''}${two(within / 60)}:${two(within % 60)}${seconds > 0 ? `:${two(seconds)}` : ''}`
}
