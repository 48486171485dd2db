/** How the product stands, and what of it is wanting. */
import { type ChannelState, channelStates } from './store/channels.ts'
import type { Database } from './store/database.ts'
import {
  type DeliveryCounts,
  deliveryCounts,
  type FeedHealth,
  feedHealth,
  type PairHealth,
  pairHealth,
} from './store/health.ts'
import { type BreachRow, breachHistory } from './store/history.ts'
import { type SchemaState, schemaState } from './store/schema-state.ts'
import { databaseName } from './store/unreachable.ts'
import { counted } from './text.ts'

export interface Standing {
  database: string
  schema: SchemaState['is']
  feeds: FeedHealth[]
  pairs: PairHealth[]
  /** open ones */
  breaches: BreachRow[]
  deliveries: DeliveryCounts
  channels: ChannelState[]
}

const OVERDUE_S = 60

export async function standingOf(database: Database): Promise<Standing> {
  const [schema, feeds, pairs, breaches, deliveries, channels] = await Promise.all([
    schemaState(database),
    feedHealth(database),
    pairHealth(database),
    breachHistory(database, { since: null, limit: null }, { pair: null, rule: null, open: true }),
    deliveryCounts(database),
    channelStates(database),
  ])
  return {
    database: databaseName(database.url),
    schema: schema.is,
    feeds,
    pairs,
    breaches,
    deliveries,
    channels,
  }
}

/** One sentence for each thing that is not as it should be; empty when all is well. */
export function wantingIn(standing: Standing): string[] {
  const { schema, feeds, pairs, breaches, deliveries, channels } = standing
  return [
    ...(schema === 'current' ? [] : [`the schema is ${schema}: run metalgap migrate`]),
    ...feeds
      .filter(({ state }) => state !== 'ok')
      .map(
        ({ feed, state, last_error }) =>
          `feed ${feed} is ${state}${last_error === null ? '' : `: ${last_error}`}`,
      ),
    ...pairs.flatMap(wantingInPair),
    ...breaches.map(
      ({ rule, pair, state, severity }) => `breach of ${rule} on ${pair} is ${state} (${severity})`,
    ),
    ...(deliveries.dead > 0
      ? [
          `${counted(deliveries.dead, 'delivery was', 'deliveries were')} given up in the last day: metalgap deliveries --state dead`,
        ]
      : []),
    ...(Number(deliveries.overdue_seconds ?? 0) > OVERDUE_S
      ? ['deliveries wait that are due: metalgap deliveries --state pending']
      : []),
    ...channels
      .filter(({ disabled_at }) => disabled_at !== null)
      .map(
        ({ channel, disabled_reason }) =>
          `channel ${channel} is disabled: ${disabled_reason ?? 'no reason was given'}`,
      ),
  ]
}

/** A venue that is closed is nothing to mend, and what is imported is compared when it comes. */
function wantingInPair({ pair, comparability, is_imported, reason, last_error }: PairHealth): string[] {
  if (last_error !== null) return [`pair ${pair} is left behind: ${last_error}`]
  if (is_imported) return []
  if (comparability === 'comparable' || comparability === 'closed') return []
  return [`pair ${pair} cannot be compared: ${reason || (comparability ?? 'no price yet')}`]
}
