/** The job `deliver`: one delivery that another process, or the sweep, found due. */
import type { Context } from '../src/context.ts'
import { deliverOnwards } from '../src/deliver.ts'
import type { Outbox } from './outbox.ts'
import type { Jobs } from './queues.ts'

export function deliverJob(context: Context, outbox: Outbox) {
  return async ({ delivery, channel }: Jobs['deliver']): Promise<void> => {
    outbox.take(await deliverOnwards(context, { delivery_id: delivery, channel, at: context.now() }))
  }
}
