import { createHash } from 'node:crypto'
import type { CalendarSpec } from '../engine/session.ts'
import type { Config } from './types.ts'

export type Resolved = Omit<Config, 'version' | 'content' | 'warnings'>

/** Everything that decides a number or an alert, without secrets: of channels only their kinds, of feeds no keys. */
export function contentOf(
  config: Resolved,
  calendars: Record<string, CalendarSpec>,
): Record<string, unknown> {
  const { metals, pairs, rules, exposures, operators, routes, own, policy, network } = config
  const channels = Object.fromEntries(
    Object.values(config.channels).map(({ channel, kind }) => [channel, kind]),
  )
  const feeds = Object.fromEntries(
    Object.values(config.feeds).map(({ key: _secret, ...rest }) => [rest.feed, rest]),
  )
  return {
    ...{ metals, pairs, rules, exposures, channels, operators, routes },
    ...{ feeds, own, calendars, policy, network },
  }
}

/** sha256 in hex, the same whatever the order of keys. */
export function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, sortKeys)).digest('hex')
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
