/** Deliveries that this process sends at once are claimed where they are written: that saves a commit before the send. */
import type { Context } from '../context.ts'
import { type Claimed, claim } from '../store/claims.ts'
import type { Client } from '../store/database.ts'
import type { NewDelivery } from '../store/deliveries.ts'
import { laneOf, routeTo } from './route.ts'

/** What sends deliveries in this process. */
export interface Sender {
  /** how many deliveries of this lane (`laneOf`) would go out at once */
  room(lane: string): number
}

/** For a process that leaves deliveries to others. */
export const NO_SENDER: Sender = { room: () => 0 }

/** Behind the statement that writes them, in its transaction. What is folded or paced is claimed when it is its turn. */
export async function claimAtOnce(
  context: Pick<Context, 'config' | 'sender' | 'now'>,
  client: Client,
  deliveries: readonly NewDelivery[],
): Promise<Claimed[]> {
  const mine = deliveries.filter(sendableIn(context, takenIn(client)))
  const now = context.now()
  const claims = await Promise.all(
    mine.map(({ delivery_id }) => claim(client, { delivery_id, now, min_gap_ms: 0 })),
  )
  return claims.filter((claimed) => claimed !== null)
}

/** By lane: how many a transaction has claimed already. Its pairs are saved side by side, each for itself. */
const claimedIn = new WeakMap<Client, Map<string, number>>()

function takenIn(client: Client): Map<string, number> {
  const taken = claimedIn.get(client) ?? new Map<string, number>()
  claimedIn.set(client, taken)
  return taken
}

/** What waits for a place is claimed when it has one: until then it is anybody's. */
function sendableIn({ config, sender }: Pick<Context, 'config' | 'sender'>, taken: Map<string, number>) {
  return ({ state, channel }: NewDelivery): boolean => {
    const code = routeTo(config, channel)?.code
    if (state !== 'pending' || !code || code.folds || code.min_gap_ms > 0) return false
    const lane = laneOf(config, channel)
    const before = taken.get(lane) ?? 0
    taken.set(lane, before + 1)
    return before < sender.room(lane)
  }
}
