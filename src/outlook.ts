/** What a configuration would do once it is started: which feeds are polled, for which pairs, watched by which rules. */
import type { Rule } from './config/types.ts'
import { type Config, usedSeries } from './config.ts'

export interface PolledFeed {
  feed: string
  schedule: string
  zone: string
  base_url: string
  /** names within the feed */
  series: string[]
}

export interface WatchedPair {
  pair: string
  metal: string
  unit: string
  /** in order of preference */
  east: string[]
  west: string[]
  fx: string | null
  align: 'live' | 'date'
}

export type WatchingRule = Pick<
  Rule,
  | 'rule'
  | 'pair'
  | 'measure'
  | 'direction'
  | 'raise'
  | 'clear'
  | 'for_ms'
  | 'clear_for_ms'
  | 'severity'
  | 'levels'
  | 'notify'
  | 'shadow'
>

export interface Outlook {
  feeds: PolledFeed[]
  pairs: WatchedPair[]
  rules: WatchingRule[]
}

export function outlookOf(config: Config): Outlook {
  const pairs = Object.values(config.pairs).filter(({ enabled }) => enabled)
  return {
    feeds: polledFeeds(config),
    pairs: pairs.map(({ pair, metal, unit, east, west, fx, align }) => ({
      ...{ pair, metal, unit, align },
      east: east.map(({ series }) => series),
      west: west.map(({ series }) => series),
      fx: fx?.series ?? null,
    })),
    rules: Object.values(config.rules)
      .filter((rule) => rule.enabled && pairs.some(({ pair }) => pair === rule.pair))
      .map(watching),
  }
}

/** The feeds that are polled: enabled, and used by an enabled pair. */
export function polledFeeds(config: Pick<Config, 'pairs' | 'series' | 'feeds'>): PolledFeed[] {
  const byFeed = Map.groupBy(usedSeries(config), ({ feed }) => feed)
  return Object.values(config.feeds).flatMap(({ feed, schedule, zone, base_url, enabled }) => {
    const used = byFeed.get(feed)
    if (!enabled || used === undefined) return []
    const series = used.map((facts) => facts.series.slice(feed.length + 1))
    return [{ feed, schedule, zone, base_url, series }]
  })
}

function watching(whole: Rule): WatchingRule {
  const { rule, pair, measure, direction, raise, clear, for_ms, clear_for_ms, severity } = whole
  const { levels, notify, shadow } = whole
  return {
    ...{ rule, pair, measure, direction, raise, clear, for_ms, clear_for_ms, severity },
    ...{ levels, notify, shadow },
  }
}
