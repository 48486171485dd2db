/** What a pair thinks of a price that has just arrived, before it is stored. */
import { assess, plausible } from './comparability.ts'
import { datesToCompare, insertDated } from './dates.ts'
import { insert } from './history.ts'
import type { Tick } from './model.ts'
import type { PairSpec } from './spec.ts'
import { type Candidate, type LegState, type PairState, withCandidates } from './state.ts'

export type Opinion = { is: 'none' } | { is: 'believable' } | { is: 'objection'; reason: string }

/**
 * Compares as if the tick had been taken, after those that `arrived` with it. A pair that never had a premium also tries what it doubts on its other legs:
 * of two first prices the one that came first may have been the wrong one.
 */
export function opinionOf(
  spec: PairSpec,
  state: PairState,
  tick: Tick,
  arrived: readonly Tick[] = [],
): Opinion {
  const opinion = judgeWith(spec, state, tick, arrived, false)
  if (opinion.is === 'believable' || state.observed !== null) return opinion
  const second = judgeWith(spec, state, tick, arrived, true)
  return second.is === 'believable' ? second : opinion
}

function judgeWith(
  spec: PairSpec,
  state: PairState,
  tick: Tick,
  arrived: readonly Tick[],
  with_doubted: boolean,
): Opinion {
  const legs = state.legs.map((leg) => {
    const { series } = leg.spec.facts
    const earlier = arrived.filter((each) => each.series === series)
    if (series === tick.series) return withTicks(spec, leg, [...earlier, tick], state.observed === null)
    return earlier.length > 0 ? withTicks(spec, leg, earlier, false) : trial(leg, with_doubted)
  })
  const trialState = { ...state, ...withCandidates(spec, legs) }
  if (spec.align === 'date') return judgeDates(spec, trialState, tick)
  return judgeLive(spec, { ...trialState, candidates: onlyWith(trialState.candidates, tick) }, tick)
}

/** Before a pair's first premium nothing vouches for what the series said earlier: `anew`. */
function withTicks(spec: PairSpec, leg: LegState, ticks: readonly Tick[], anew: boolean): LegState {
  const history = anew ? [] : [...leg.history]
  for (const tick of ticks) {
    if (spec.align === 'date') insertDated(leg.spec, history, tick)
    else insert(history, tick)
  }
  return { ...leg, history, doubted: null }
}

function trial(leg: LegState, with_doubted: boolean): LegState {
  if (!with_doubted || leg.doubted === null) return { ...leg }
  return { ...leg, history: [leg.doubted], doubted: null }
}

/** The pair as if it had no other candidate for this leg: a better one would hide what is wrong with this price. */
function onlyWith(candidates: Candidate[], { series }: Tick): Candidate[] {
  const those = candidates.filter(({ east, west }) => east.series === series || west.series === series)
  return those.length > 0 ? those : candidates
}

function judgeLive(spec: PairSpec, state: PairState, tick: Tick): Opinion {
  const assessment = assess(spec, state, tick.seen_at)
  if (assessment.state === 'comparable') return { is: 'believable' }
  if (assessment.state !== 'implausible' || assessment.leg !== '') return { is: 'none' }
  return { is: 'objection', reason: `makes the ${assessment.reason()}` }
}

function judgeDates(spec: PairSpec, state: PairState, tick: Tick): Opinion {
  const verdicts = datesToCompare(spec, state, tick).map(({ legs }) => plausible(spec, legs, tick.seen_at))
  const objection = verdicts.find((verdict) => verdict.state === 'implausible')
  if (objection !== undefined) return { is: 'objection', reason: `makes the ${objection.reason()}` }
  return verdicts.length > 0 ? { is: 'believable' } : { is: 'none' }
}
