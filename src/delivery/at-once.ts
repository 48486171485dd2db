/** Deliveries that this process sends at once are claimed where they are written: that saves a commit before the send. */
import type { Context } from '../context.ts'
import { type Claimed, claim } from '../store/claims.ts'
import type { Client } from '../store/database.ts'
import type { NewDelivery } from '../store/deliveries.ts'
import { routeTo } from './route.ts'

/** What sends deliveries in this process. */
export interface Sender {
  /** would a delivery of this channel go out at once? */
  hasRoom(channel: string): boolean
}

/** For a process that leaves deliveries to others. */
export const NO_SENDER: Sender = { hasRoom: () => false }

/** Behind the statement that writes them, in its transaction. What is folded or paced is claimed when it is its turn. */
export async function claimAtOnce(
  context: Pick<Context, 'config' | 'sender' | 'now'>,
  client: Client,
  deliveries: readonly NewDelivery[],
): Promise<Claimed[]> {
  const mine = deliveries.filter(({ state, channel }) => {
    const code = routeTo(context.config, channel)?.code
    return (
      state === 'pending' && code && !code.folds && code.min_gap_ms === 0 && context.sender.hasRoom(channel)
    )
  })
  const now = context.now()
  const claims = await Promise.all(
    mine.map(({ delivery_id }) => claim(client, { delivery_id, now, min_gap_ms: 0 })),
  )
  return claims.filter((claimed) => claimed !== null)
}
