/** A pair while its row is locked: its state is opened, events are folded, and what came of it is written together. */
import { advance, nextClock } from './engine/engine.ts'
import type { ComparabilityChange, Event, Premium, Tick, Transition } from './engine/model.ts'
import { legsOf, type PairSpec } from './engine/spec.ts'
import { loadState, newState, type PairState } from './engine/state.ts'
import type { OpenBreach } from './store/breaches.ts'
import type { PairRow } from './store/pairs.ts'

export interface OpenPair {
  spec: PairSpec
  state: PairState
  folded: Record<string, number>
  /** it was left behind: nothing may be folded before what it missed */
  behind: boolean
  premiums: Premium[]
  transitions: Transition[]
  changes: ComparabilityChange[]
  touched: boolean
  /** open breaches: rule and id */
  open: Map<string, string>
  /** a correction has folded its rules again, so what was told does not lead to its state */
  refolded: boolean
  /** the window of a new rule was filled from what is stored, which no replay knows */
  filled: boolean
  /** what the engine failed with: then nothing of this pair is saved but this */
  error: string | null
}

/** Opens a locked pair. Its state may stem from an older configuration; the engine's states survive that. */
export function openPair(spec: PairSpec, row: PairRow, open: readonly OpenBreach[]): OpenPair {
  return {
    spec,
    state: row.state === null ? newState(spec) : loadState(spec, row.state),
    folded: { ...row.folded },
    behind: row.last_error !== null,
    premiums: [],
    transitions: [],
    changes: [],
    touched: false,
    open: new Map(
      open.flatMap(({ pair, rule, breach_id }) => (pair === row.pair ? [[rule, breach_id]] : [])),
    ),
    refolded: false,
    filled: false,
    error: null,
  }
}

/** Folds one event; a failure of the engine stays with this pair and loses no tick. */
export function fold(pair: OpenPair, event: Event): void {
  guard(pair, () => {
    const step = advance(pair.spec, pair.state, event)
    pair.state = step.state
    pair.premiums.push(...step.premiums)
    pair.transitions.push(...step.transitions)
    pair.changes.push(...step.changes)
    pair.touched = true
    if (event.is === 'ticks') for (const tick of event.ticks) remember(pair, tick)
  })
}

/** Work of the engine: once it has failed nothing more is done. */
export function guard(pair: OpenPair, work: () => void): void {
  if (pair.error !== null) return
  try {
    work()
  } catch (error) {
    pair.error = `the engine failed: ${(error as Error).message}`
  }
}

function remember(pair: OpenPair, tick: Tick): void {
  pair.folded[tick.series] = Math.max(pair.folded[tick.series] ?? 0, tick.tick_id)
}

export function uses(spec: PairSpec, series: string): boolean {
  return legsOf(spec).some((leg) => leg.facts.series === series)
}

export function clockOf(pair: OpenPair): Date | null {
  const next = nextClock(pair.state)
  return next === null ? null : new Date(next)
}
