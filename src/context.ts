/** What every part of the pipeline is handed: nothing is reached for, everything is passed. */
import type { Config } from './config.ts'
import { NO_SENDER, type Sender } from './delivery/at-once.ts'
import type { PairSpec } from './engine/spec.ts'
import { compilePairs } from './evaluation/pairs.ts'
import type { Feed } from './feeds/feed.ts'
import type { Log } from './log.ts'
import { openTogether, type Together } from './polling/together.ts'
import { mayShare, type PendingPoll, storePolls } from './polling.ts'
import { loadFeeds } from './shelf.ts'
import type { Database } from './store/database.ts'
import type { Due } from './store/deliveries.ts'
import { register } from './store/register.ts'

export interface Context {
  config: Config
  database: Database
  log: Log
  /** the clock, read at the edges only; the simulator and the tests hand in another */
  now(): Date
  /** aborted when the process must stop at once */
  life: AbortSignal
  feeds: Record<string, Feed>
  /** the enabled pairs */
  specs: Record<string, PairSpec>
  /** the row of the configuration that is in force */
  configuration_id: number
  /** the prices come from our own simulator: every alert says so */
  simulated: boolean
  sender: Sender
  /** polls that wait for the same pairs are stored together */
  polls: Together<PendingPoll, Due[]>
}

/**
 * Compiles the configuration and writes it to the database, so that every number can name it. Whoever only looks says which
 * it is instead: another process may live by another one.
 */
export async function openContext(
  parts: Pick<Context, 'config' | 'database' | 'log' | 'now' | 'life'> &
    Partial<Pick<Context, 'simulated' | 'sender' | 'configuration_id'>>,
): Promise<Context> {
  const { database, config } = parts
  const [feeds, configuration_id] = await Promise.all([
    loadFeeds(),
    parts.configuration_id ?? register(database, config),
  ])
  const facts = {
    simulated: false,
    sender: NO_SENDER,
    ...parts,
    feeds,
    specs: compilePairs(parts.config),
    configuration_id,
  }
  const context: Context = { ...facts, polls: openTogether((polls) => storePolls(context, polls), mayShare) }
  return context
}
