/** The last sentence of the story: claim, send, judge, record. */
import { attempt, type Delivering } from './delivery/attempt.ts'
import { enclose } from './delivery/enclose.ts'
import { type Outcome, record } from './delivery/record.ts'
import { type Route, routeTo } from './delivery/route.ts'
import { isStorm } from './delivery/storm.ts'
import { type Claimed, claim, claimWaiting } from './store/claims.ts'
import { channelOf, type Due } from './store/deliveries.ts'

export type { Outcome } from './delivery/record.ts'

/**
 * Makes one attempt of a delivery. A chat that folds tells what waits for it, this one or what is more urgent.
 * `channel` spares a look-up where the caller knows it, `claimed` says that it is ours. Throws only when the database
 * fails.
 */
export async function deliver(
  context: Delivering,
  { delivery_id, channel, claimed }: Pick<Due, 'delivery_id' | 'claimed'> & { channel?: string },
): Promise<Outcome> {
  const name = channel ?? (await channelOf(context.database, delivery_id))
  const route = name === null ? null : routeTo(context.config, name)
  if (!route) return { is: 'not_now', next: [] }
  const [first, ...others] = claimed ? [claimed] : await claimFor(context, route, delivery_id)
  if (!first) return { is: 'not_now', next: [] }
  const result = await attempt(context, route, [first, ...others])
  const outcome = await record(context, route, [first, ...others], result)
  await enclose(context, route, [first, ...others], result, outcome)
  return outcome
}

/** Of a chat's message: as many steps as its line limits can name. */
const MOST_FOLDED = 10

async function claimFor(
  { database, now }: Delivering,
  { channel, code }: Route,
  delivery_id: string,
): Promise<Claimed[]> {
  const when = { now: now(), min_gap_ms: code.min_gap_ms }
  if (code.folds) {
    const only_urgent = await isStorm(database, channel, when.now)
    return claimWaiting(database, { channel, most: MOST_FOLDED, only_urgent, ...when })
  }
  const claimed = await claim(database, { delivery_id, ...when })
  return claimed ? [claimed] : []
}
