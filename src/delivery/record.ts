import { type Finish, type Finished, finish } from '../store/attempts.ts'
import type { Claimed } from '../store/claims.ts'
import { type Due, insertDeliveries } from '../store/deliveries.ts'
import type { Delivering, Result, Waiting } from './attempt.ts'
import { decide } from './decide.ts'
import { isTrouble, notices } from './notices.ts'
import type { Route } from './route.ts'

/** not_now: another worker has it, or it must wait, or it is done. */
export interface Outcome {
  is: 'delivered' | 'retry' | 'dead' | 'disabled' | 'not_now'
  /** what this one made due, or will: the next of its channel, its own next attempt, news for the operators */
  next: Due[]
}

/** Writes down how an attempt went and what follows, for each delivery that it told; trouble and its news are one transaction. */
export async function record(
  context: Delivering,
  route: Route,
  waiting: Waiting,
  result: Result,
): Promise<Outcome> {
  const now = context.now()
  const tell_operators = result.verdict.is === 'retry' && result.verdict.tell_operators === true
  const ends = waiting.map((claimed) => ({ claimed, how: endOf(context, route, waiting, claimed, result) }))
  for (const { claimed, how } of ends) tellLog(context, claimed, how)
  const [only] = ends
  if (only && ends.length === 1 && !isTrouble(only.how, tell_operators)) {
    const { claimed, how } = only
    return outcome(claimed, how, await finish(context.database, claimed, now, how), [])
  }
  return context.database.transaction(async (client) => {
    const outcomes: Outcome[] = []
    for (const { claimed, how } of ends) {
      const finished = await finish(client, claimed, now, how)
      const trouble = finished && isTrouble(how, tell_operators)
      const { disabled_now = false } = finished ?? {}
      const news = trouble
        ? notices(context.config, { claimed, route, how, disabled_now, tell_operators, now })
        : []
      outcomes.push(outcome(claimed, how, finished, await insertDeliveries(client, news)))
    }
    return together(outcomes)
  })
}

function endOf(
  context: Delivering,
  route: Route,
  waiting: Waiting,
  claimed: Claimed,
  result: Result,
): Finish {
  const [first] = waiting
  return decide(result, {
    claimed,
    folded_into: waiting.length === 1 ? null : first.delivery_id,
    regime: route.code.regime,
    plain: plainForm(route, claimed, result),
    now: context.now(),
    random: Math.random(),
  })
}

/** What was still ours decides; each row but the first repeats what the channel has next. */
function together(outcomes: readonly Outcome[]): Outcome {
  const { is } = outcomes.find((one) => one.is !== 'not_now') ?? { is: 'not_now' as const }
  const next = new Map(outcomes.flatMap((one) => one.next).map((due) => [due.delivery_id, due]))
  return { is, next: [...next.values()] }
}

function plainForm({ code, settings }: Route, { message }: Claimed, { verdict }: Result): string | null {
  if (verdict.is !== 'plain' || code.regime === 'local') return null
  return code.plain?.(message, settings) ?? null
}

function outcome(
  { delivery_id, channel, message }: Claimed,
  how: Finish,
  finished: Finished | null,
  news: Due[],
): Outcome {
  if (!finished) return { is: 'not_now', next: [] }
  const { next_attempt_at: at, disable_reason } = how
  const urgent = message.data['severity'] === 'critical' && { urgent: true }
  const again = at && !disable_reason ? [{ delivery_id, channel, at, ...urgent }] : []
  const is = how.disable_reason ? 'disabled' : how.state === 'pending' ? 'retry' : how.state
  return { is, next: [...(finished.next ? [finished.next] : []), ...again, ...news] }
}

function tellLog({ log }: Delivering, { delivery_id, channel, type, attempts }: Claimed, how: Finish): void {
  const facts = { delivery: delivery_id, channel, type, attempt: attempts }
  if (how.state === 'delivered') log.debug(facts, 'delivered')
  else if (how.state === 'dead') log.error({ ...facts, error: how.error }, 'not delivered, given up')
  else if (how.disable_reason) log.error({ ...facts, error: how.error }, 'channel disabled')
  else log.warn({ ...facts, error: how.error, next: how.next_attempt_at }, 'not delivered, tried again')
}
