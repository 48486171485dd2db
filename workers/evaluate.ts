/** The job `evaluate`: tells one pair the time, after whatever it missed. */
import type { Context } from '../src/context.ts'
import { evaluate } from '../src/pipeline.ts'
import type { HandOver } from './jobs.ts'
import type { Jobs } from './queues.ts'

export function evaluateJob(context: Context, handOver: HandOver) {
  return async ({ pair }: Jobs['evaluate']): Promise<void> => {
    await handOver(await evaluate(context, pair))
  }
}
