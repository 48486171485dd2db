/** The operators hear once that a feed is in trouble and once that it is over, never for each rule that uses it. */
import type { Message } from '../channels/channel.ts'
import type { Context } from '../context.ts'
import { addressed } from '../delivery/addressed.ts'
import type { Health } from '../engine/feed-health.ts'
import { notice } from '../message/notice.ts'
import type { Client } from '../store/database.ts'
import { type Due, insertDeliveries } from '../store/deliveries.ts'
import { endIncident, type OpenIncident, openIncident, settleIncident } from '../store/feed-incidents.ts'

export interface FeedNews {
  feed: string
  before: Health
  health: Health
  /** of the last poll */
  failures_in_row: number
  last_error: string | null
  /** a fault on our side: others will suffer from it too */
  ours: boolean
}

/** Writes what the change of a feed's health means, in the transaction that holds the feed's row. */
export async function tellFeed(context: Context, client: Client, news: FeedNews): Promise<Due[]> {
  const { feed, before, health, ours } = news
  const now = context.now()
  if (health.state === 'ok') return before.state === 'ok' ? [] : tellRecovered(context, client, news)
  const isSame = before.state === health.state && before.series.join() === health.series.join()
  if (isSame) return []
  const { state, series, reason } = health
  const incident = await openIncident(client, {
    ...{ feed, state, series, reason, ours },
    ...{ owner: context.config.operators, began_at: now },
  })
  if (incident === null) return []
  if (incident.folded_into !== null) {
    await settleIncident(client, incident, { folded_into: incident.folded_into })
    context.log.warn(
      { feed, folded_into: incident.folded_into },
      `${feed}: ${state}, told with an incident before it`,
    )
    return []
  }
  return tellIncident(context, client, incident, news)
}

/** Tells of an incident; also later, when it has outlasted the one that it was folded into. */
export async function tellIncident(
  context: Context,
  client: Client,
  incident: OpenIncident,
  { feed, health, failures_in_row, last_error }: Omit<FeedNews, 'before' | 'ours'>,
): Promise<Due[]> {
  const now = context.now()
  await settleIncident(client, incident, { at: now })
  const message = notice('feed.failing', now, {
    ...{ feed, series: health.series, state: health.state, failures_in_row },
    since: incident.began_at.toISOString(),
    last_error: health.reason ?? last_error,
  })
  return send(context, client, feed, 2 * incident.number - 1, message)
}

async function tellRecovered(context: Context, client: Client, { feed, before }: FeedNews): Promise<Due[]> {
  const now = context.now()
  const incident = await endIncident(client, feed, now, 'recovered')
  if (incident === null || incident.told_at === null) return []
  const message = notice('feed.recovered', now, {
    ...{ feed, series: before.series, state: 'ok', failures_in_row: 0, last_error: null },
    since: incident.began_at.toISOString(),
  })
  return send(context, client, feed, 2 * incident.number, message)
}

function send(context: Context, client: Client, feed: string, sequence: number, message: Message) {
  const severity = message.type === 'feed.failing' ? 'warning' : 'info'
  const address = {
    to: context.config.operators,
    subject: `feed/${feed}`,
    sequence,
    breach_id: null,
    severity,
  }
  return insertDeliveries(client, addressed(context.config, message, address, context.now()))
}
