/** The jobs that a process runs, by its roles. */
import type { Context } from '../src/context.ts'
import type { Due } from '../src/store/deliveries.ts'
import { deliverJob, deliverJobOf } from './deliver.ts'
import { evaluateJob } from './evaluate.ts'
import type { Outbox } from './outbox.ts'
import { pollJob } from './poll.ts'
import type { Queues } from './queues.ts'
import type { Role } from './roles.ts'

/** Where deliveries go that have just become due. */
export type HandOver = (deliveries: readonly Due[]) => Promise<void>

const CONCURRENCY = { poll: 8, evaluate: 4, deliver: 8 }

/** Starts the jobs of these roles. Deliveries stay in this process where it delivers: a hop through the queue is slow. */
export function openJobs(
  context: Context,
  queues: Queues,
  outbox: Outbox,
  roles: readonly Role[],
): AsyncDisposable {
  const handOver: HandOver = roles.includes('deliver')
    ? async (deliveries) => outbox.take(deliveries)
    : (deliveries) => enqueue(queues, deliveries)
  if (roles.includes('poll')) queues.work('poll', pollJob(context, handOver), CONCURRENCY.poll)
  if (roles.includes('evaluate'))
    queues.work('evaluate', evaluateJob(context, handOver), CONCURRENCY.evaluate)
  if (roles.includes('deliver')) queues.work('deliver', deliverJob(context, outbox), CONCURRENCY.deliver)
  return { [Symbol.asyncDispose]: queues.stop }
}

/** A queue that is away fails no poll: what it did is in Postgres, and the sweep finds it there. */
async function enqueue(queues: Queues, deliveries: readonly Due[]): Promise<void> {
  await Promise.allSettled(deliveries.map((due) => queues.add('deliver', deliverJobOf(due))))
}
