/** The last sentence of the story: claim, send, judge, record. */
import { attempt, type Delivering } from './delivery/attempt.ts'
import { enter } from './delivery/lanes.ts'
import { type Outcome, record } from './delivery/record.ts'
import { routeTo } from './delivery/route.ts'
import { claim } from './store/attempts.ts'
import { channelOf, type Due } from './store/deliveries.ts'

export type { Outcome } from './delivery/record.ts'

/** `channel` spares a look-up where the caller knows it. Throws only when the database fails. */
export async function deliver(context: Delivering, delivery_id: string, channel?: string): Promise<Outcome> {
  const name = channel ?? (await channelOf(context.database, delivery_id))
  const route = name === null ? null : routeTo(context.config, name)
  if (!route) return { is: 'not_now', next: [] }
  const leave = enter(route.host)
  if (!leave) return { is: 'busy', next: [] }
  try {
    const now = context.now()
    const claimed = await claim(context.database, { delivery_id, now, min_gap_ms: route.code.min_gap_ms })
    if (!claimed) return { is: 'not_now', next: [] }
    const result = await attempt(context, route, claimed)
    return await record(context, route, claimed, result)
  } finally {
    leave()
  }
}

const MOST_IN_ONE_GO = 25

/** Delivers and goes on with what that made due; answers with what is left for later. */
export async function deliverOnwards(context: Delivering, first: Due): Promise<Due[]> {
  const waiting = [first]
  const later: Due[] = []
  for (let done = 0; done < MOST_IN_ONE_GO && !context.life.aborted; done++) {
    const due = waiting.shift()
    if (!due) break
    const { next } = await deliver(context, due.delivery_id, due.channel)
    for (const one of next) (one.at <= context.now() ? waiting : later).push(one)
  }
  return [...waiting, ...later]
}
