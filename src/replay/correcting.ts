/** Replay as polls do it: what corrects is told before what is new, and folds the rules again that have seen it. */
import { legsText } from '../engine/correction.ts'
import type { Step } from '../engine/engine.ts'
import type { Event, Premium, Tick } from '../engine/model.ts'
import { refold, touchedRules } from '../engine/refold.ts'
import { inTurn, revisedAmong } from '../engine/revisions.ts'
import type { PairSpec } from '../engine/spec.ts'
import type { PairState } from '../engine/state.ts'
import { correctLedger, type Ledger, pastOf, record } from './ledger.ts'
import { fold } from './replay.ts'

/** As `fold`, with a memory of what was observed. */
export function foldCorrecting(
  spec: PairSpec,
  from: PairState,
  event: Event,
  ledger: Ledger,
  told: (step: Step) => void,
): PairState {
  const note = (step: Step) => {
    record(spec, step.state, ledger, step.premiums)
    told(step)
  }
  if (event.is !== 'ticks') return fold(spec, from, event, note)
  const revised = revisedAmong(event.ticks)
  if (revised.length === 0) return fold(spec, from, event, note)
  // What the pair holds no more may still be part of a breach that is open.
  const { corrects, news } = inTurn(from, event.ticks)
  const state = correct(spec, from, { ...event, ticks: corrects }, revised, ledger, told)
  return news.length === 0 ? state : fold(spec, state, { ...event, ticks: news }, note)
}

/** The engine corrects what was observed last; of what came before it the ledger knows. */
function correct(
  spec: PairSpec,
  from: PairState,
  event: Event & { is: 'ticks' },
  revised: readonly Tick[],
  ledger: Ledger,
  told: (step: Step) => void,
): PairState {
  const last: Premium[] = []
  const state = fold(spec, from, event, (step) => {
    last.push(...step.premiums)
    const news = step.premiums.filter(({ standing }) => standing === 'observation')
    record(spec, step.state, ledger, news)
    told(step)
  })
  const corrections = correctLedger(spec, ledger, revised)
  if (corrections.length === 0) return state
  const touched = touchedRules(spec, state, corrections)
  const transitions = refold(spec, state, touched, (one) => pastOf(ledger, one), corrections, event.seen_at)
  const known = new Set(last.map((premium) => legsText(spec, premium)))
  const premiums = corrections.filter((premium) => !known.has(legsText(spec, premium)))
  told({ state, premiums, transitions, changes: [] })
  return state
}
