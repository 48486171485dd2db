/**
 * Deliveries that are due, in this process: a few at a time, each once. What must wait (a retry, a turn) waits here
 * for a minute at most; whatever is forgotten, in a crash or beyond that minute, the sweep finds in Postgres.
 */
import type { Context } from '../src/context.ts'
import { deliverOnwards } from '../src/deliver.ts'
import type { Due } from '../src/store/deliveries.ts'

/** Exchanges, not queries: a host has four at most, so that it takes many slow hosts to keep others waiting. */
const MOST_AT_ONCE = 64
const LONGEST_WAIT_MS = 60_000

export interface Outbox extends AsyncDisposable {
  take(deliveries: readonly Due[]): void
  /** deliveries in hand, waiting ones included */
  size(): number
}

export function openOutbox(context: Context): Outbox {
  const waiting = new Map<string, Due>()
  const running = new Map<string, Promise<void>>()
  const timers = new Map<string, NodeJS.Timeout>()
  let closed = false

  const take = (deliveries: readonly Due[]) => {
    for (const due of deliveries) schedule(due)
    start()
  }

  const schedule = (due: Due) => {
    const wait = due.at.getTime() - context.now().getTime()
    const { delivery_id } = due
    if (wait <= 0) waiting.set(delivery_id, due)
    else if (wait <= LONGEST_WAIT_MS && !closed && !timers.has(delivery_id)) {
      const wake = () => {
        timers.delete(delivery_id)
        take([due])
      }
      timers.set(delivery_id, setTimeout(wake, wait))
    }
  }

  const start = () => {
    for (const [id, due] of waiting) {
      if (running.size >= MOST_AT_ONCE || closed) return
      waiting.delete(id)
      if (!running.has(id)) running.set(id, run(due))
    }
  }

  const run = async (due: Due) => {
    try {
      const later = await deliverOnwards(context, due)
      for (const one of later) schedule(one)
    } catch (error) {
      context.log.error({ err: error, delivery: due.delivery_id }, 'deliver failed')
    }
    running.delete(due.delivery_id)
    start()
  }

  return {
    take,
    size: () => waiting.size + running.size + timers.size,
    async [Symbol.asyncDispose]() {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running.values())
    },
  }
}
