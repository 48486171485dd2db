/**
 * A revision folds the rules again whose numbers it has changed. What holds and windows count is told with
 * every observation, so the observations are enough. A revision never raises: the next observation does.
 */

import { measured, remember } from './measured.ts'
import type { Premium, Tick, Transition } from './model.ts'
import { computePremium } from './premium.ts'
import { newRuleState, observe, pendingHold, transition } from './rules.ts'
import { legsOf, type PairSpec, type RuleSpec } from './spec.ts'
import { type BreachState, type PairState, type RuleState, setRule } from './state.ts'
import { planWake } from './wake.ts'
import { SLOTS } from './window.ts'

/** What a rule has seen, each premium as it stands after the correction; oldest first. */
export interface Past {
  /** of a measure over history: the last observation of each slot before `since` */
  before: readonly Premium[]
  /** every observation since the rule's hold or breach began; empty where there is neither */
  since: readonly Premium[]
}

/** A rule that is to be folded again, and from when: null where no hold runs and only its window is concerned. */
export interface Touched {
  rule: RuleSpec
  since: number | null
  /** where the window of a measure over history begins; null for any other */
  window_from: number | null
}

/** A premium on the revised ticks; null where it used none of them, or the pair has lost a leg. */
export function corrected(spec: PairSpec, premium: Premium, revised: readonly Tick[]): Premium | null {
  const now = (used: Tick) =>
    revised.findLast(
      ({ series, at, revision }) => series === used.series && at === used.at && revision > used.revision,
    ) ?? used
  const [east, west] = [now(premium.east), now(premium.west)]
  const fx = premium.fx === null ? null : now(premium.fx)
  if (east === premium.east && west === premium.west && fx === premium.fx) return null
  const legs = legsOf(spec)
  const east_spec = legs.find(({ facts }) => facts.series === east.series)
  const west_spec = legs.find(({ facts }) => facts.series === west.series)
  if (east_spec === undefined || west_spec === undefined) return null
  const seen_at = Math.max(...revised.map((tick) => tick.seen_at))
  const { elapsed_ms, spell_ms } = premium
  const anew = computePremium({ east_spec, west_spec, east, west, fx }, seen_at, 'correction')
  return Object.assign(anew, { elapsed_ms, spell_ms })
}

/** The rules that have seen one of these premiums in their hold, their breach or their window. */
export function touchedRules(spec: PairSpec, state: PairState, corrections: readonly Premium[]): Touched[] {
  const newest = Math.max(...corrections.map(({ time }) => time))
  return spec.rules.flatMap((rule) => {
    const known = state.rules[rule.rule]
    if (known === undefined) return []
    const since = holdStart(known)
    const window_from = windowFrom(rule, known, since)
    const from = Math.min(since ?? Number.POSITIVE_INFINITY, window_from ?? Number.POSITIVE_INFINITY)
    return newest >= from ? [{ rule, since, window_from }] : []
  })
}

/** When the rule's hold or breach began; null where there is neither. */
export function holdStart(state: RuleState | undefined): number | null {
  if (state === undefined) return null
  return state.breach?.began_at ?? pendingHold(state)?.since ?? null
}

/** A slot more than the window: a change is counted from the last value before it. */
function windowFrom({ window }: RuleSpec, { slots }: RuleState, since: number | null): number | null {
  if (window === null || slots === undefined || slots.length === 0) return null
  const oldest = (slots[0] as [number, number])[0]
  return since === null ? oldest : Math.min(oldest, since - window.over_ms * (1 + 1 / SLOTS))
}

/**
 * Folds the touched rules again and tells what that changes of what was told; `now` is when the revision became known.
 * A rule whose past is not whole (it began before observations told what holds count) is left as it is.
 */
export function refold(
  spec: PairSpec,
  state: PairState,
  touched: readonly Touched[],
  pastOf: (touched: Touched) => Past,
  corrections: readonly Premium[],
  now: number,
): Transition[] {
  const transitions = touched.flatMap((one) => {
    const past = pastOf(one)
    if (one.since !== null && past.since[0]?.time !== one.since) return []
    return refoldRule(one.rule, state, past, new Set(corrections), now) ?? []
  })
  planWake(spec, state, now)
  return transitions
}

function refoldRule(
  rule: RuleSpec,
  state: PairState,
  past: Past,
  corrections: ReadonlySet<Premium>,
  now: number,
): Transition | null {
  const { breach, start, waits } = state.rules[rule.rule] as RuleState
  const anew: RuleState = { ...newRuleState(rule, false), start: breach === null ? start : null }
  if (waits === undefined) delete anew.waits
  else anew.waits = waits
  if (rule.window !== null) for (const each of past.before) remember(rule.measure, rule.window, anew, each)
  const { values, steps } = foldAgain(breach === null ? unraised(rule) : rule, anew, past.since)
  setRule(state, rule.rule, anew)
  if (breach === null) return null
  const at = toldAt(past, corrections, breach)
  const value = values.get(at) ?? breach.peak
  const premium = corrections.has(at) ? at : ([...corrections].at(-1) as Premium)
  if (anew.breach !== null) {
    const isSame = !steps.some((step) => step.premium !== null && corrections.has(step.premium))
    return keepRaised(rule, anew.breach, breach, { premium, value, now, isSame })
  }
  const kind = steps.length === 0 ? 'retracted' : 'cleared'
  const closed = { ...breach, level: breach.highest, peak: value }
  return transition(rule, closed, kind, 'correction', now, value, premium)
}

/** Where nothing is raised the hold runs on, and the next observation that meets it raises. */
function unraised(rule: RuleSpec): RuleSpec {
  return { ...rule, levels: rule.levels.map((level) => ({ ...level, for_ms: Number.POSITIVE_INFINITY })) }
}

function foldAgain(rule: RuleSpec, anew: RuleState, since: readonly Premium[]) {
  const values = new Map<Premium, number | null>()
  const steps: Transition[] = []
  for (const premium of since) {
    values.set(premium, measured(rule, anew, premium))
    const step = observe(rule, anew, premium, premium.elapsed_ms as number, premium.spell_ms)
    if (step?.kind === 'raised') steps.length = 0
    if (step !== null) steps.push(step)
  }
  return { values, steps }
}

/**
 * Where the number that is told was observed: at the price that had raised it where that was corrected, else at the newest
 * one that was, and where only the window was, at the raise.
 */
function toldAt({ since }: Past, corrections: ReadonlySet<Premium>, { raised_at }: BreachState): Premium {
  const changed = since.filter((premium) => corrections.has(premium))
  const raising = (premium: Premium) => premium.time === raised_at
  return changed.find(raising) ?? changed.at(-1) ?? (since.findLast(raising) as Premium)
}

interface News {
  premium: Premium
  value: number
  now: number
  /** no transition of the breach stands on a number that was corrected */
  isSame: boolean
}

/** A breach that goes on keeps its number, and where nothing is sent what was told and the time of its reminders. */
function keepRaised(rule: RuleSpec, anew: BreachState, live: BreachState, news: News): Transition | null {
  // A height that was told and never reached is news, also where the level has eased since.
  const isSilent = anew.level === live.level && anew.highest >= live.highest
  anew.sequence = live.sequence
  anew.unobserved_since = live.unobserved_since
  anew.told_at = isSilent ? live.told_at : news.now
  if (isSilent) anew.highest = live.highest
  if (isSilent && news.isSame && anew.raised_at === live.raised_at) return null
  const changed = transition(rule, anew, 'changed', 'correction', news.now, news.value, news.premium)
  return isSilent ? { ...changed, silent: true } : changed
}
