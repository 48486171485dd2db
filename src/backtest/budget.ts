/** Which bounds would have kept to so many alerts a month? Candidates run beside each other as rules of one pair. */
import { measured } from '../engine/measured.ts'
import { round6 } from '../engine/round.ts'
import type { LevelSpec, PairSpec, RuleSpec } from '../engine/spec.ts'
import { newState } from '../engine/state.ts'
import { eventsOf } from '../replay/events.ts'
import { replay } from '../replay/replay.ts'
import { perMonth } from './figures.ts'
import { openSpread, type Spread } from './middle.ts'
import type { Source } from './source.ts'

export interface Budgeted {
  asked_per_month: number
  /** the bounds nearest to the market that keep to it, as far apart as the rule's own */
  raise: string
  clear: string
  alerts: number
  alerts_per_month: number
  /** false: not even the furthest bound that can be written (a percentile of 100) keeps to it */
  kept: boolean
  /** further levels stay where they are; how often each would be told by itself */
  levels: { severity: string; raise: string; alerts: number; beyond: boolean }[]
}

const CANDIDATES = 64
/** Bounds are told in hundredths. */
const STEP = 0.01

/**
 * Null where there is no observation. Bounds are sought from the middle of the market outwards: one that it is beyond half of
 * the time tells nothing. The first search is coarse, the second looks around what it found.
 */
export async function boundsFor(
  spec: PairSpec,
  rule: RuleSpec,
  source: Source,
  asked: { budget: number; from: number; to: number },
): Promise<Budgeted | null> {
  const range = await rangeOf(spec, rule, source)
  if (range === null) return null
  const isQuiet = (alerts: number) => perMonth(alerts, asked.from, asked.to) <= asked.budget
  // The last one is never reached.
  const { low, high, median } = range
  const within = limitsOf(rule)
  const quiet = within(rule.direction === 'above' ? high + STEP : low - STEP)
  let found = firstQuiet(await alertsAt(spec, rule, source, between(median, quiet)), isQuiet)
  found = firstQuiet(await alertsAt(spec, rule, source, between(found.louder, found.raise)), isQuiet)
  const gap = (rule.levels[0] as LevelSpec).raise - (rule.levels[0] as LevelSpec).clear
  return {
    asked_per_month: asked.budget,
    raise: found.raise.toFixed(2),
    clear: within(round6(found.raise - gap)).toFixed(2),
    alerts: found.alerts,
    alerts_per_month: Math.round(perMonth(found.alerts, asked.from, asked.to) * 10_000) / 10_000,
    kept: isQuiet(found.alerts),
    levels: await furtherLevels(spec, rule, source, found.raise),
  }
}

/** A percentile is from 0 to 100, whatever distance the rule keeps between its bounds. */
function limitsOf({ window }: RuleSpec): (bound: number) => number {
  if (window?.kind !== 'percentile') return (bound) => bound
  return (bound) => Math.min(100, Math.max(0, bound))
}

/** Each as a rule of its own, at its own bounds. */
async function furtherLevels(
  spec: PairSpec,
  rule: RuleSpec,
  source: Source,
  first: number,
): Promise<Budgeted['levels']> {
  const levels: Budgeted['levels'] = []
  for (const level of rule.levels.slice(1)) {
    const [tried] = await alertsAt(spec, { ...rule, levels: [level] }, source, [level.raise])
    const beyond = rule.direction === 'above' ? level.raise > first : level.raise < first
    const { severity, raise } = level
    levels.push({ severity, raise: raise.toFixed(2), alerts: tried?.alerts ?? 0, beyond })
  }
  return levels
}

async function rangeOf(spec: PairSpec, rule: RuleSpec, source: Source): Promise<Spread | null> {
  const values = openSpread()
  const alone = { ...spec, rules: [rule] }
  await replay(alone, newState(alone), eventsOf(source(spec)), ({ state, premiums }) => {
    const known = state.rules[rule.rule]
    if (known === undefined) return
    for (const premium of premiums) {
      if (premium.standing !== 'observation') continue
      const value = measured(rule, known, premium)
      if (value !== null) values.take(value)
    }
  })
  return values.spread()
}

/** In hundredths, each once, both ends included. */
function between(loud: number, quiet: number): number[] {
  const outwards = quiet > loud ? Math.ceil : Math.floor
  const bounds = Array.from({ length: CANDIDATES + 1 }, (_, i) => {
    return outwards((loud + ((quiet - loud) * i) / CANDIDATES) / STEP) / (1 / STEP)
  })
  return [...new Set(bounds)]
}

interface Tried {
  raise: number
  alerts: number
}

async function alertsAt(
  spec: PairSpec,
  rule: RuleSpec,
  source: Source,
  bounds: readonly number[],
): Promise<Tried[]> {
  const own = rule.levels[0] as LevelSpec
  const within = limitsOf(rule)
  const rules = bounds.map((raise, i) => ({
    ...rule,
    rule: `candidate ${i}`,
    levels: [{ ...own, raise, clear: within(round6(raise - own.raise + own.clear)) }],
  }))
  const alerts = new Map<string, number>()
  const candidates = { ...spec, rules }
  await replay(candidates, newState(candidates), eventsOf(source(spec)), ({ transitions }) => {
    for (const { rule: name, kind } of transitions)
      if (kind === 'raised') alerts.set(name, (alerts.get(name) ?? 0) + 1)
  })
  return bounds.map((raise, i) => ({ raise, alerts: alerts.get(`candidate ${i}`) ?? 0 }))
}

/** The loudest bound from which on outwards all are quiet, and the one before it. */
function firstQuiet(
  tried: readonly Tried[],
  isQuiet: (alerts: number) => boolean,
): Tried & { louder: number } {
  let i = tried.length - 1
  while (i > 0 && isQuiet((tried[i - 1] as Tried).alerts)) i--
  const found = tried[i] as Tried
  return { ...found, louder: tried[i - 1]?.raise ?? found.raise }
}
