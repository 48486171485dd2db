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
import { catchUp, reopen, retire } from './evaluation/recovery.ts'
import { savePairOutcome } from './evaluation/saving.ts'
import { fold } from './evaluation.ts'
import { readPage } from './polling/page.ts'
import { planPoll } from './polling/plan.ts'
import { storePoll } from './polling.ts'
import { openBreaches } from './store/breaches.ts'
import { saveCheckpoint } from './store/checkpoints.ts'
import { type Due, dueDeliveries } from './store/deliveries.ts'
import { lockPairs, pairsToEvaluate, pairsToRetire } from './store/pairs.ts'

/** Polls one slot of a feed: whatever the source does, it is stored. Answers with what is now to be delivered. */
export async function poll(context: Context, job: { feed: string; slot: Date }): Promise<Due[]> {
  const plan = planPoll(context, job.feed)
  if (plan === null) return []
  using arrival = context.polls.expect(job.feed)
  const pages = await Promise.all(plan.pages.map((page) => readPage(context, plan.config, plan.feed, page)))
  return await storePoll(context, { ...job, plan, pages }, arrival)
}

/** Tells a pair the time, after whatever it missed; closes the breaches of one that is out of force. */
export async function evaluate(context: Context, name: string): Promise<Due[]> {
  return context.database.transaction(async (client) => {
    const [[row], open] = await Promise.all([lockPairs(client, [name]), openBreaches(client, [name])])
    if (row === undefined) return retire(context, client, name, open)
    if (context.specs[name] === undefined) return []
    const { pair, due } = await reopen(context, client, row, open)
    const folded = { ...pair.folded }
    await catchUp(client, pair)
    fold(pair, { is: 'clock', at: context.now().getTime() })
    const saved = await savePairOutcome(context, client, pair)
    // What was caught up was told out of its turn, so a replay begins behind it.
    if (pair.error === null && (pair.filled || !isDeepStrictEqual(folded, pair.folded)))
      await saveCheckpoint(client, name, 'catch-up')
    return [...due, ...saved]
  })
}

/** Of deliveries, in one sweep. */
const MOST_AT_ONCE = 500

/** What the sweep finds: pairs to be evaluated, and deliveries that are due and that nobody holds. */
export async function unfinished(context: Context): Promise<{ pairs: string[]; deliveries: Due[] }> {
  const now = context.now()
  const [behind, gone, deliveries] = await Promise.all([
    pairsToEvaluate(context.database, now),
    pairsToRetire(context.database),
    dueDeliveries(context.database, now, MOST_AT_ONCE),
  ])
  return { pairs: [...behind.filter((pair) => context.specs[pair] !== undefined), ...gone], deliveries }
}
