/** The job `poll`: one slot of one feed. */
import type { Context } from '../src/context.ts'
import { poll } from '../src/pipeline.ts'
import type { HandOver } from './jobs.ts'
import type { Jobs } from './queues.ts'

export function pollJob(context: Context, handOver: HandOver) {
  return async ({ feed, slot }: Jobs['poll']): Promise<void> => {
    await handOver(await poll(context, { feed, slot: new Date(slot) }))
  }
}
