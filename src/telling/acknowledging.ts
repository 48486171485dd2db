/** Somebody acknowledges a breach: no more reminders, and whoever pages people is told that somebody knows. */
import type { Config } from '../config.ts'
import { addressed } from '../delivery/addressed.ts'
import { canAcknowledge } from '../delivery/route.ts'
import { type Acknowledgement, acknowledge, lastTold } from '../store/acknowledgements.ts'
import type { Client, Database } from '../store/database.ts'
import { insertDeliveries, type NewDelivery } from '../store/deliveries.ts'

interface Acknowledging {
  breach_id: string
  who: string
  text: string | null
  now: Date
}

/** Answers with how it was before, null where there is no such breach; one that is over stays as it is. */
export async function acknowledgeBreach(
  config: Config,
  database: Database,
  wish: Acknowledging,
): Promise<Acknowledgement | null> {
  return database.transaction(async (client) => {
    const before = await acknowledge(client, wish)
    if (before !== null && before.cleared_at === null)
      await insertDeliveries(client, await newsOf(config, client, wish))
    return before
  })
}

/** To each channel what it was told last, as acknowledged. What a channel has not taken yet will page all the same. */
async function newsOf(config: Config, client: Client, wish: Acknowledging): Promise<NewDelivery[]> {
  const { breach_id, who, text, now } = wish
  const told = await lastTold(client, breach_id)
  return told
    .filter(({ channel }) => canAcknowledge(config, channel))
    .flatMap(({ channel, severity, message, times }) => {
      const acknowledged = { by: who, at: now.toISOString(), reason: text }
      const news = {
        type: 'breach.acknowledged',
        timestamp: acknowledged.at,
        data: { ...message.data, acknowledged },
      }
      const address = { to: [channel], subject: `acknowledged:${breach_id}`, sequence: times + 1 }
      return addressed(config, news, { ...address, breach_id: null, severity }, now)
    })
}
