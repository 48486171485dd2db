/**
 * The sweep: looks in Postgres for anything unfinished and adds the job that finishes it. Every replica with this role
 * sweeps; it only reads, and the queue knows a job that is there already.
 */
import type { Context } from '../src/context.ts'
import { polledFeeds } from '../src/outlook.ts'
import { unfinished } from '../src/pipeline.ts'
import { missedSlots, type Slot } from '../src/slots.ts'
import { lastSlots } from '../src/store/slots.ts'
import { watchFeeds } from '../src/sweep/feeds.ts'
import { watchParity } from '../src/sweep/parity.ts'
import { remindOfPolicy } from '../src/sweep/policy-reminders.ts'
import { watchSilences } from '../src/sweep/silences.ts'
import { upkeep } from '../src/sweep/upkeep.ts'
import { deliverJobOf } from './deliver.ts'
import { every } from './every.ts'
import type { Queues } from './queues.ts'

const SWEEP_EVERY_MS = 5_000
const UPKEEP_EVERY_MS = 3_600_000

export function openSweep(context: Context, queues: Queues): AsyncDisposable {
  const tasks = new AsyncDisposableStack()
  const since = context.now()
  tasks.use(every(SWEEP_EVERY_MS, () => sweep(context, queues), context.log, 'sweep'))
  tasks.use(every(SWEEP_EVERY_MS, () => watchFeeds(context, since), context.log, 'watch of feeds'))
  tasks.use(every(SWEEP_EVERY_MS, () => watchSilences(context), context.log, 'watch of silences'))
  tasks.use(every(UPKEEP_EVERY_MS, () => remindOfPolicy(context), context.log, 'reminders of policy'))
  tasks.use(every(UPKEEP_EVERY_MS, () => upkeep(context), context.log, 'upkeep'))
  tasks.use(every(UPKEEP_EVERY_MS, () => watchParity(context), context.log, 'check of parity'))
  return tasks
}

/** Slots whose job was lost with the queue, or failed; what is due just now is the schedule's business. */
async function missedLately(context: Context): Promise<Slot[]> {
  const due = new Date(context.now().getTime() - SWEEP_EVERY_MS)
  return missedSlots(polledFeeds(context.config), await lastSlots(context.database), due)
}

async function sweep(context: Context, queues: Queues): Promise<void> {
  const { pairs, deliveries } = await unfinished(context)
  const missed = await missedLately(context)
  await Promise.all([
    ...pairs.map((pair) => queues.add('evaluate', { pair })),
    ...deliveries.map((due) => queues.add('deliver', deliverJobOf(due))),
    ...missed.map(({ feed, slot }) => queues.add('poll', { feed, slot: slot.toISOString() })),
  ])
}
