/** Dates of policy, told to the operators ahead of time: each reminder once, the latest where several are due. */
import type { PolicyEvent } from '../config.ts'
import type { Context } from '../context.ts'
import { addressed } from '../delivery/addressed.ts'
import { DAY_MS } from '../engine/zone.ts'
import { notice } from '../message/notice.ts'
import { insertDeliveries, type NewDelivery } from '../store/deliveries.ts'

/** What was written before is not written again: its subject and sequence are the same. */
export async function remindOfPolicy(context: Context): Promise<void> {
  const due = context.config.policy.flatMap((event) => reminderOf(context, event))
  await insertDeliveries(context.database, due)
}

function reminderOf({ config, now }: Context, event: PolicyEvent): NewDelivery[] {
  const at = now().getTime()
  const date = Date.parse(`${event.date}T00:00:00Z`)
  const due = event.remind_ms.filter((before) => date - before <= at)
  if (due.length === 0 || at >= date + DAY_MS) return []
  const { title, metals, source } = event
  const days = Math.ceil((date - at) / DAY_MS)
  const facts = { title, date: event.date, days: Math.max(days, 0), metals, source }
  const message = notice('policy.upcoming', now(), facts)
  // The sequence is the order in which they fall due, so that the nearer one never waits for one that was missed.
  const farther = event.remind_ms.filter((before) => before > Math.min(...due))
  const address = {
    ...{ to: config.operators, subject: `policy/${event.date}/${title}`, sequence: farther.length + 1 },
    ...{ breach_id: null, severity: 'info' },
  }
  return addressed(config, message, address, now())
}
