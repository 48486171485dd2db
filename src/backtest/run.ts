/** One pair over its history: what its rules would have told, and what was not compared and why. */
import type { Step } from '../engine/engine.ts'
import type { Event, Severity, Transition } from '../engine/model.ts'
import { mayCorrect } from '../engine/revisions.ts'
import type { PairSpec } from '../engine/spec.ts'
import { newState } from '../engine/state.ts'
import { foldCorrecting } from '../replay/correcting.ts'
import { eventsOf } from '../replay/events.ts'
import { type Ledger, newLedger } from '../replay/ledger.ts'
import { fold } from '../replay/replay.ts'
import type { Source } from './source.ts'

/** Times are epoch ms, values those of the rule's measure. */
export interface Breach {
  rule: string
  began_at: number
  raised_at: number
  value: number
  /** the highest that was reached */
  severity: Severity
  peak: number
  /** null while it lasts */
  cleared_at: number | null
  cleared_value: number | null
  /** why it was raised, and why it ended */
  reason: string
  end: string | null
  steps: Told[]
}

/** Of a transition what a report says: its premium, with three ticks, would stay in memory. */
type Told = Pick<Transition, 'sequence' | 'kind' | 'time' | 'severity' | 'value' | 'reason'>

/** Spells of one cause in which nothing was compared. */
export interface Suppression {
  /** 'east stale', 'premium implausible', ... */
  why: string
  spells: number
  ms: number
  /** prices that came in them */
  ticks: number
}

export interface PairRun {
  pair: string
  /** when the first and the last price became known, corrections of others aside; null: there is none */
  from: number | null
  to: number | null
  ticks: number
  quarantined: number
  observations: number
  late: number
  corrections: number
  breaches: Breach[]
  suppressed: Suppression[]
}

/**
 * Folds a pair's whole source, from an empty memory. What observations a revision may fold again is remembered only where
 * there are revisions: most histories have none, and memory stays flat.
 */
export async function runPair(spec: PairSpec, source: Source): Promise<PairRun> {
  return (await tellAll(spec, source, null)) ?? ((await tellAll(spec, source, newLedger())) as PairRun)
}

/** Null where there is a revision and no ledger. */
async function tellAll(spec: PairSpec, source: Source, ledger: Ledger | null): Promise<PairRun | null> {
  const run: PairRun = {
    ...{ pair: spec.pair, from: null, to: null, ticks: 0, quarantined: 0 },
    ...{ observations: 0, late: 0, corrections: 0, breaches: [], suppressed: [] },
  }
  const spells = openSpells()
  const open = new Map<string, Breach>()
  const told = (step: Step) => {
    for (const { standing } of step.premiums) {
      if (standing === 'observation') run.observations += 1
      else if (standing === 'late') run.late += 1
      else run.corrections += 1
    }
    for (const transition of step.transitions) note(run.breaches, open, transition)
    for (const change of step.changes) spells.begin(change.time, change.reason || change.state)
  }
  let state = newState(spec)
  for await (const events of eventsOf(source(spec))) {
    for (const event of events) {
      if (ledger === null && event.is === 'ticks' && mayCorrect(event.ticks)) return null
      state =
        ledger === null ? fold(spec, state, event, told) : foldCorrecting(spec, state, event, ledger, told)
      count(run, event)
      if (!bringsPrices(event)) continue
      spells.settle()
      if (state.comparability !== 'comparable') spells.ticks(event)
    }
  }
  // What is still raised has told no step of its later height.
  for (const breach of open.values()) breach.peak = state.rules[breach.rule]?.breach?.peak ?? breach.peak
  run.suppressed = spells.until(run.to)
  return run
}

function count(run: PairRun, event: Event): void {
  if (event.is !== 'ticks') return
  run.ticks += event.ticks.length
  for (const tick of event.ticks) if (tick.quarantined !== null) run.quarantined += 1
  if (!bringsPrices(event)) return
  run.from ??= event.seen_at
  run.to = event.seen_at
}

/** A correction may come months after the last price; history does not last until then. */
function bringsPrices(event: Event): boolean {
  return event.is === 'ticks' && event.ticks.some(({ revision }) => revision === 1)
}

function note(breaches: Breach[], open: Map<string, Breach>, transition: Transition): void {
  const { rule, sequence, kind, time, value, severity, peak, reason, began_at, raised_at } = transition
  const step = { sequence, kind, time, severity, value, reason }
  if (kind === 'raised') {
    const end = { cleared_at: null, cleared_value: null, end: null }
    const breach = { rule, began_at, raised_at, value, severity, peak, reason, ...end, steps: [step] }
    open.set(rule, breach)
    breaches.push(breach)
    return
  }
  const breach = open.get(rule)
  if (breach === undefined) return
  breach.steps.push(step)
  breach.peak = peak
  if (kind === 'escalated' || kind === 'cleared' || kind === 'retracted') breach.severity = severity
  if (kind !== 'cleared' && kind !== 'retracted') return
  Object.assign(breach, { cleared_at: time, cleared_value: value, end: kind === 'cleared' ? reason : kind })
  open.delete(rule)
}

/** What changes after the last price is left out: until a price follows, it waits. */
function openSpells() {
  const causes = new Map<string, Suppression>()
  let now: { since: number; why: string } | null = null
  let waiting: { time: number; reason: string }[] = []
  return {
    begin(time: number, reason: string) {
      waiting.push({ time, reason })
    },
    settle() {
      for (const { time, reason } of waiting) enter(time, reason)
      waiting = []
    },
    ticks(event: Event) {
      if (now !== null && event.is === 'ticks') causeOf(now.why).ticks += event.ticks.length
    },
    /** `end` is when the last price became known */
    until(end: number | null): Suppression[] {
      if (end !== null) enter(end, 'comparable')
      return [...causes.values()].toSorted((a, b) => b.ms - a.ms)
    },
  }
  function enter(time: number, reason: string) {
    if (now !== null) causeOf(now.why).ms += Math.max(0, time - now.since)
    const why = reason.split(':')[0] as string
    now = why === 'comparable' ? null : { since: time, why }
    if (now !== null) causeOf(why).spells += 1
  }
  function causeOf(why: string): Suppression {
    let cause = causes.get(why)
    if (cause === undefined) {
      cause = { why, spells: 0, ms: 0, ticks: 0 }
      causes.set(why, cause)
    }
    return cause
  }
}
