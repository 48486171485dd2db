/** What the sweep finds in Postgres: whatever is not finished is found here, and nowhere else is it remembered. */
import type { Context } from './context.ts'
import { type Due, dueDeliveries } from './store/deliveries.ts'
import { pairsToEvaluate, pairsToRetire } from './store/pairs.ts'

const MOST_AT_ONCE = 500

/** Pairs that were left behind, want to be told the time or are out of force with an open breach, and deliveries that are due and that nobody holds. */
export async function unfinished(context: Context): Promise<{ pairs: string[]; deliveries: Due[] }> {
  const now = context.now()
  const [behind, gone, deliveries] = await Promise.all([
    pairsToEvaluate(context.database, now),
    pairsToRetire(context.database),
    dueDeliveries(context.database, now, MOST_AT_ONCE),
  ])
  return { pairs: [...behind.filter((pair) => context.specs[pair] !== undefined), ...gone], deliveries }
}
