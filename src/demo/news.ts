/** What is worth a line: a first premium, a change of state, a webhook. */
import type { Heard } from '../simulator/receiver.ts'
import type { PairStanding } from '../store/demo.ts'
import { metalTitle, money, type State, stateOf } from './view.ts'

export interface News {
  time: string
  event: 'first_premium' | Exclude<State, 'waiting'> | 'webhook'
  /** one sentence for people */
  text: string
  pair?: string
  /** USD per ounce, exact */
  premium?: string | null
  webhook_id?: string
  type?: string
  verified?: boolean
}

const SENTENCES: Record<Exclude<State, 'waiting'>, string> = {
  ok: 'back to normal',
  pending: 'over its bound, waiting whether it stays there',
  raised: 'breach raised',
  clearing: 'below its bound, waiting whether it stays there',
  'not comparable': 'not comparable',
}

/** Compares what stood before with what stands now. */
export function newsOf(before: readonly PairStanding[], now: readonly PairStanding[], time: Date): News[] {
  return now.flatMap((standing): News[] => {
    const earlier = before.find(({ pair }) => pair === standing.pair)
    const [was, is] = [earlier ? stateOf(earlier) : 'waiting', stateOf(standing)]
    if (was === is || is === 'waiting') return []
    const { pair, as_quoted_usd: premium } = standing
    const first = was === 'waiting' && is === 'ok'
    const sentence = first ? 'first premium' : SENTENCES[is]
    const text = `${metalTitle(standing.metal)}: ${sentence}, ${money(premium, true)} USD/oz`
    return [{ time: time.toISOString(), event: first ? 'first_premium' : is, text, pair, premium }]
  })
}

export function newsOfWebhook(heard: Heard, time: Date): News {
  const { type, data } = JSON.parse(heard.body) as { type: string; data?: { value?: string } }
  const value = data?.value ? ` at ${money(data.value, true)} USD/oz` : ''
  const proof = heard.problem ? `REFUSED: ${heard.problem}` : 'signature verified'
  const text = `Webhook ${type}${value} received${heard.repeated ? ' again' : ''}, ${proof}`
  return {
    time: time.toISOString(),
    event: 'webhook',
    text,
    webhook_id: heard.id,
    type,
    verified: heard.problem === null,
  }
}
