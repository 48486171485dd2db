/** Which ticks of an event take the place of others. */
import type { Tick } from './model.ts'
import type { PairState } from './state.ts'

/** Does it take the place of a good tick that the pair holds or observed last? Such are told before what is new. */
function isRevision({ legs, observed }: PairState, tick: Tick): boolean {
  if (tick.revision === 1 || tick.quarantined !== null) return false
  const leg = legs.find(({ series }) => series === tick.series)
  if (leg === undefined) return false
  const known = observed === null ? leg.history : [...leg.history, observed.east, observed.west, observed.fx]
  return known.some(
    (one) => one?.series === tick.series && one.at === tick.at && one.revision < tick.revision,
  )
}

/** What one poll brought in the order in which it is told: what corrects, what is new. */
export function inTurn(
  state: PairState,
  ticks: readonly Tick[],
): { corrects: readonly Tick[]; news: readonly Tick[] } {
  const corrects = ticks.filter((tick) => isRevision(state, tick))
  return corrects.length === 0
    ? { corrects, news: ticks }
    : { corrects, news: ticks.filter((tick) => !corrects.includes(tick)) }
}

/** Hardly any do, so it is asked before anything is sorted. */
export function mayCorrect(ticks: readonly Tick[]): boolean {
  for (let i = 0; i < ticks.length; i++) if ((ticks[i] as Tick).revision > 1) return true
  return false
}

/** Ticks that premiums may have used in an earlier revision. */
export function revisedAmong(ticks: readonly Tick[]): Tick[] {
  return ticks.filter(({ revision, quarantined }) => revision > 1 && quarantined === null)
}
