/**
 * Deliveries that are due, in this process, each once: a lane for each host. What must wait (a retry, a turn) waits here
 * for a minute at most, unclaimed; whatever is forgotten, in a crash or beyond that minute, the sweep finds in Postgres.
 */
import { deliver } from '../src/deliver.ts'
import type { Sender } from '../src/delivery/at-once.ts'
import type { Delivering } from '../src/delivery/attempt.ts'
import { laneOf } from '../src/delivery/route.ts'
import type { Due } from '../src/store/deliveries.ts'
import { openLanes } from './lanes.ts'

const LONGEST_WAIT_MS = 60_000

export interface Outbox extends AsyncDisposable, Sender {
  take(deliveries: readonly Due[]): void
  /** deliveries in hand, waiting ones included */
  size(): number
}

export function openOutbox(context: Delivering): Outbox {
  const timers = new Map<string, NodeJS.Timeout>()
  let closed = false

  const take = (deliveries: readonly Due[]) => {
    for (const due of deliveries) schedule(due)
  }

  const schedule = (due: Due) => {
    const wait = due.at.getTime() - context.now().getTime()
    const { delivery_id } = due
    if (wait <= 0) lanes.enter(asWork(due))
    else if (wait <= LONGEST_WAIT_MS && !closed && !timers.has(delivery_id)) {
      const wake = () => {
        timers.delete(delivery_id)
        lanes.enter(asWork(due))
      }
      timers.set(delivery_id, setTimeout(wake, wait))
    }
  }

  const asWork = (due: Due) => ({
    id: due.delivery_id,
    lane: laneOf(context.config, due.channel),
    urgent: due.urgent ?? false,
    begun: due.claimed !== undefined,
    due,
  })

  const lanes = openLanes<ReturnType<typeof asWork>>(async (work) => {
    try {
      const { is, next } = await deliver(context, work.due)
      if (is !== 'not_now') lanes.leave(work)
      take(next)
    } catch (error) {
      context.log.error({ err: error, delivery: work.id }, 'deliver failed')
    }
  })

  return {
    take,
    room: (lane) => (closed ? 0 : lanes.room(lane)),
    size: () => lanes.size() + timers.size,
    async [Symbol.asyncDispose]() {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      await lanes[Symbol.asyncDispose]()
    },
  }
}
