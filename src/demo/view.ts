/** What a treasurer reads of a pair: words and two decimals. */
import type { PairStanding, StandingRule } from '../store/demo.ts'
import { HOLD_S } from './configuration.ts'

export type State = 'waiting' | 'ok' | 'pending' | 'raised' | 'clearing' | 'not comparable'

export function stateOf(standing: PairStanding): State {
  if (standing.time === null) return 'waiting'
  if (standing.comparability !== 'comparable') return 'not comparable'
  const { rule, hold } = ruleOf(standing)
  if (rule?.breach) return hold ? 'clearing' : 'raised'
  return hold ? 'pending' : 'ok'
}

/** The state in words, with how long a hold has lasted. */
export function stateInWords(standing: PairStanding): string {
  const state = stateOf(standing)
  const held = `${Math.floor((ruleOf(standing).hold?.held_ms ?? 0) / 1000)} of ${HOLD_S} s`
  const words: Record<State, string> = {
    waiting: 'waiting for prices',
    ok: 'ok',
    pending: `pending ${held}`,
    raised: 'RAISED',
    clearing: `RAISED, clearing ${held}`,
    'not comparable': standing.reason || standing.comparability || 'not comparable',
  }
  return words[state]
}

function ruleOf({ rules }: PairStanding): {
  rule: StandingRule | undefined
  hold: { held_ms: number } | undefined
} {
  const rule = Object.values(rules ?? {})[0]
  const holds = rule?.breach ? rule.down : rule?.up
  return { rule, hold: holds?.find((hold) => hold !== null) ?? undefined }
}

/** Two decimals for the eye; `-` where there is nothing yet. */
export function money(price: string | null, sign = false): string {
  if (price === null) return '-'
  const text = Number(price).toFixed(2)
  return sign && !text.startsWith('-') ? `+${text}` : text
}

export function metalTitle(metal: string): string {
  return `${metal.slice(0, 1).toUpperCase()}${metal.slice(1)}`
}

/** The local time of day. */
export function clockTime(at: Date): string {
  return at.toTimeString().slice(0, 8)
}
