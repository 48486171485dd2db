/**
 * The story. schedule: a feed's time has come -> poll: read the source, understand it, judge it, keep ticks; fold them
 * through the engine and keep what it says -> deliver: render, sign, send, record -> sweep: finish what is unfinished.
 *
 * A poll evaluates the pairs of its feed in its own transaction: the undisturbed path needs no hop through the queue
 * (one costs more on Postgres than all the rest), and ticks of a pair are folded in the order in which they are stored.
 * The job `evaluate` is for time that passes and for pairs that were left behind.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Context } from './context.ts'
import { fold } from './evaluation.ts'
import { readPage } from './page.ts'
import { planPoll } from './poll-plan.ts'
import { type Polled, storePoll } from './polling.ts'
import { catchUp, reopen, retire } from './recovery.ts'
import { savePairOutcome } from './saving.ts'
import { openBreaches } from './store/breaches.ts'
import { saveCheckpoint } from './store/checkpoints.ts'
import type { Due } from './store/deliveries.ts'
import { lockPairs } from './store/pairs.ts'

export { unfinished } from './unfinished.ts'

/** Polls one slot of a feed: whatever the source does, it is stored. Answers with what is now to be delivered. */
export async function poll(context: Context, job: { feed: string; slot: Date }): Promise<Polled> {
  const plan = planPoll(context, job.feed)
  if (plan === null) return { deliveries: [] }
  using arrival = context.polls.expect(job.feed)
  const pages = await Promise.all(plan.pages.map((page) => readPage(context, plan.config, plan.feed, page)))
  return await storePoll(context, { ...job, plan, pages }, arrival)
}

/** Tells a pair the time, after whatever it missed; closes the breaches of one that is out of force. */
export async function evaluate(context: Context, name: string): Promise<{ deliveries: Due[] }> {
  return context.database.transaction(async (client) => {
    const [[row], open] = await Promise.all([lockPairs(client, [name]), openBreaches(client, [name])])
    if (row === undefined) return { deliveries: await retire(context, client, name, open) }
    if (context.specs[name] === undefined) return { deliveries: [] }
    const { pair, due } = await reopen(context, client, row, open)
    const folded = { ...pair.folded }
    await catchUp(client, pair)
    fold(pair, { is: 'clock', at: context.now().getTime() })
    const saved = await savePairOutcome(context, client, pair)
    // What was caught up was told out of its turn, so a replay begins behind it.
    if (pair.error === null && (pair.filled || !isDeepStrictEqual(folded, pair.folded)))
      await saveCheckpoint(client, name, 'catch-up')
    return { deliveries: [...due, ...saved] }
  })
}
