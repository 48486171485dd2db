/**
 * The job `deliver`: one delivery that another process, or the sweep, found due. It ends when the delivery is in this
 * process's outbox, so that a slow receiver takes no place of the queue.
 */
import type { Context } from '../src/context.ts'
import type { Due } from '../src/store/deliveries.ts'
import type { Outbox } from './outbox.ts'
import type { Jobs } from './queues.ts'

export function deliverJob({ now }: Pick<Context, 'now'>, outbox: Outbox) {
  return async ({ delivery, channel, urgent }: Jobs['deliver']): Promise<void> =>
    outbox.take([{ delivery_id: delivery, channel, at: now(), urgent }])
}

/** The job of a delivery that is due. */
export function deliverJobOf({ delivery_id, channel, urgent = false }: Due): Jobs['deliver'] {
  return { delivery: delivery_id, channel, urgent }
}
