/** Once a day: does what was told live come out of the engine again? A difference is a mistake of ours, and loud. */
import type { Context } from '../context.ts'
import { DAY_MS } from '../engine/zone.ts'
import { verifyNightly } from '../parity.ts'
import { lastVerified } from '../store/checkpoints.ts'

/** Does nothing where it was done less than a day ago, by whichever replica. */
export async function watchParity(context: Context): Promise<void> {
  const last = await lastVerified(context.database)
  if (last !== null && context.now().getTime() - last.getTime() < DAY_MS) return
  for (const { pair, since, transitions, differences } of await verifyNightly(context)) {
    if (differences.length > 0) context.log.error({ pair, since, differences }, `${pair}: a replay differs`)
    else context.log.debug({ pair, since, transitions }, `${pair}: a replay gives the same`)
  }
}
