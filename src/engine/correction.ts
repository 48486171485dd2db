/** A revision of a tick that the last observation used. */
import type { Premium, Tick } from './model.ts'
import { computePremium, type Legs } from './premium.ts'
import { legsOf, type PairSpec } from './spec.ts'
import type { PairState } from './state.ts'

/** The premium that replaces the last observation's; it moves no rule. Null when the tick had no part in it. */
export function correctLast(spec: PairSpec, state: PairState, tick: Tick): Premium | null {
  const { observed } = state
  if (observed === null) return null
  const east = revised(observed.east, tick)
  const west = revised(observed.west, tick)
  const fx = observed.fx === null ? null : revised(observed.fx, tick)
  if (east === observed.east && west === observed.west && fx === observed.fx) return null
  const before = state.observed
  state.observed = { time: observed.time, east, west, fx }
  const premium = premiumOf(spec, state, tick.seen_at, 'correction')
  if (premium === null) state.observed = before
  return premium
}

/** The date that was observed last stands on these ticks now. */
export function replaceObserved(spec: PairSpec, state: PairState, { east, west, fx }: Legs): void {
  const { observed } = state
  if (observed !== null && legsText(spec, observed) === legsText(spec, { east, west, fx }))
    state.observed = { time: observed.time, east, west, fx }
}

/**
 * What a premium and its corrections have in common: the series and times of its ticks. Another rate may correct what a
 * date was observed with; two live ticks that are observed with another rate are another observation.
 */
export function legsText(
  { align }: PairSpec,
  { east, west, fx }: Pick<Legs, 'east' | 'west' | 'fx'>,
): string {
  const rate = align === 'date' ? null : fx
  return `${east.series} ${east.at} ${west.series} ${west.at} ${rate?.at}`
}

/** The premium of the last observation, worked out again; null when there is none. */
export function lastPremium(spec: PairSpec, state: PairState): Premium | null {
  const { observed } = state
  const seen = observed === null ? 0 : Math.max(observed.east.seen_at, observed.west.seen_at)
  return premiumOf(spec, state, seen, 'observation')
}

/** Null also where the configuration has dropped a leg since. */
function premiumOf(
  spec: PairSpec,
  { observed }: PairState,
  seen_at: number,
  standing: Premium['standing'],
): Premium | null {
  if (observed === null) return null
  const { east, west, fx } = observed
  const east_spec = legOf(spec, east)
  const west_spec = legOf(spec, west)
  if (east_spec === undefined || west_spec === undefined) return null
  return computePremium({ east_spec, west_spec, east, west, fx }, seen_at, standing)
}

function legOf(spec: PairSpec, tick: Tick) {
  return legsOf(spec).find((leg) => leg.facts.series === tick.series)
}

function revised(used: Tick, tick: Tick): Tick {
  return used.series === tick.series && used.at === tick.at ? tick : used
}
