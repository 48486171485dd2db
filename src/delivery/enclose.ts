import { ask, type Delivering, type Result, type Waiting } from './attempt.ts'
import type { Outcome } from './record.ts'
import type { Route } from './route.ts'
import { scrubbed } from './scrub.ts'

/** For all requests together: the next message of the same subject waits for it. */
const PATIENCE_MS = 10_000

/** Sends what follows a message that was taken. Once, and whatever becomes of it: the message has arrived. */
export async function enclose(
  context: Delivering,
  { channel, code, settings }: Route,
  [first, ...others]: Waiting,
  { verdict }: Result,
  { is }: Outcome,
): Promise<void> {
  if (is !== 'delivered' || verdict.is !== 'delivered' || others.length > 0 || code.regime === 'local') return
  const { message, receipt } = first
  const life = AbortSignal.any([context.life, AbortSignal.timeout(PATIENCE_MS)])
  try {
    const steps = code.follow?.(message, { first: receipt, now: verdict.receipt ?? null }, settings)
    let step = steps?.next()
    while (step && !step.done) step = steps?.next(await ask({ ...context, life }, step.value))
  } catch (error) {
    const problem = scrubbed((error as Error).message, settings)
    context.log.warn({ channel, delivery: first.delivery_id, problem }, 'delivered without its picture')
  }
}
