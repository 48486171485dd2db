/** Ticks on their way to a pair: what corrects is told before what is new, with all that follows from it. */
import { isDeepStrictEqual } from 'node:util'
import { legsText } from '../engine/correction.ts'
import type { Premium, Tick } from '../engine/model.ts'
import { corrected, type Past, refold, type Touched, touchedRules } from '../engine/refold.ts'
import { inTurn, revisedAmong } from '../engine/revisions.ts'
import { legsOf, type PairSpec } from '../engine/spec.ts'
import { fold, guard, type OpenPair } from '../evaluation.ts'
import type { Client } from '../store/database.ts'
import { type Asked, observationsSince, premiumsOn, slotsBetween } from '../store/observations.ts'

/** `until` is the last stored premium that is looked at: a check of the past must not know what came behind it. */
export async function foldTicks(
  client: Client,
  pair: OpenPair,
  ticks: readonly Tick[],
  seen_at: number,
  until = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  const { corrects, news } = inTurn(pair.state, ticks)
  const before = pair.premiums.length
  if (corrects.length > 0) fold(pair, { is: 'ticks', seen_at, ticks: corrects })
  const revised = revisedAmong(ticks)
  if (revised.length > 0 && pair.error === null) {
    // The engine corrects what was observed last; it is among those that are stored.
    pair.premiums = pair.premiums.filter(({ standing }, i) => i < before || standing !== 'correction')
    const { spec } = pair
    const asked = { pair: spec.pair, is_dated: spec.align === 'date', span_ms: spanOf(spec), until }
    await correct(client, pair, asked, revised, seen_at)
  }
  if (news.length > 0) fold(pair, { is: 'ticks', seen_at, ticks: news })
}

const DATES_MS = 3 * 86_400_000

/** How far the legs and the rate of one premium may lie apart. */
function spanOf(spec: PairSpec): number {
  const oldest = Math.max(...legsOf(spec).map((leg) => leg.max_age_ms))
  return oldest + spec.max_skew_ms + (spec.align === 'date' ? DATES_MS : 0)
}

async function correct(
  client: Client,
  pair: OpenPair,
  asked: Asked,
  revised: readonly Tick[],
  seen_at: number,
): Promise<void> {
  const { spec, state } = pair
  const standing = asTheyStand(spec, await premiumsOn(client, asked, revised), pair.premiums, () => true)
  const corrections = standing.flatMap((premium) => corrected(spec, premium, revised) ?? [])
  if (corrections.length === 0) return
  pair.premiums.push(...corrections)
  // What no rule was told, because it came late or the pair was not comparable, changes none.
  const told = corrections.filter(({ elapsed_ms }) => elapsed_ms !== null)
  const touched = touchedRules(spec, state, told)
  if (touched.length === 0) return
  const pasts = new Map<Touched, Past>()
  for (const one of touched) pasts.set(one, await pastOf(client, pair, asked, one))
  guard(pair, () => {
    const before = structuredClone(state.rules)
    pair.transitions.push(...refold(spec, state, touched, (one) => pasts.get(one) as Past, told, seen_at))
    if (!isDeepStrictEqual(before, state.rules)) pair.refolded = true
  })
}

async function pastOf(
  client: Client,
  { spec, premiums }: OpenPair,
  asked: Asked,
  { rule, since, window_from }: Touched,
): Promise<Past> {
  const before =
    rule.window === null || window_from === null
      ? []
      : await slotsBetween(client, asked, rule.window, { from: window_from, to: since })
  const observed = since === null ? [] : await observationsSince(client, asked, since)
  const isBefore = ({ time }: Premium) => since === null || time < since
  const wasTold = ({ elapsed_ms }: Premium) => elapsed_ms !== null
  return {
    before: asTheyStand(spec, before, premiums, (one) => wasTold(one) && isBefore(one)),
    since: asTheyStand(spec, observed, premiums, (one) => wasTold(one) && !isBefore(one)),
  }
}

/**
 * Stored premiums, and those of this transaction: new ones behind them, corrections in the place of what they correct.
 * Ticks that were observed twice have a correction for each, of the same numbers: they take their places in turn.
 */
function asTheyStand(
  spec: PairSpec,
  stored: readonly Premium[],
  unsaved: readonly Premium[],
  isWanted: (premium: Premium) => boolean,
): Premium[] {
  const standing: Premium[] = []
  const places = new Map<string, number[]>()
  const add = (premium: Premium, legs: string) => {
    places.set(legs, [...(places.get(legs) ?? []), standing.length])
    standing.push(premium)
  }
  for (const premium of stored) add(premium, legsText(spec, premium))
  for (const premium of unsaved) {
    const legs = legsText(spec, premium)
    if (premium.standing !== 'correction' && isWanted(premium)) add(premium, legs)
    const [place, ...others] = places.get(legs) ?? []
    if (premium.standing !== 'correction' || place === undefined) continue
    const { elapsed_ms, spell_ms } = standing[place] as Premium
    standing[place] = Object.assign(premium, { elapsed_ms, spell_ms })
    places.set(legs, [...others, place])
  }
  return standing
}
