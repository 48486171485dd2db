/** What is to be asked of a feed, and for whom. */
import type { FeedConfig } from '../config.ts'
import type { Context } from '../context.ts'
import type { Watched } from '../engine/feed-health.ts'
import { uses } from '../evaluation.ts'
import type { Feed, Page } from '../feeds/feed.ts'
import { watchedSeries } from './feed-health.ts'

export interface PollPlan {
  config: FeedConfig
  feed: Feed
  pages: Page[]
  /** enabled pairs that use the feed */
  pairs: string[]
  watched: Watched[]
  /** what the feed quotes: two polls of one instrument are stored one after the other */
  instruments: string[]
}

/** What is to be asked of a feed; null when no enabled pair uses it (any more). */
export function planPoll(context: Context, id: string): PollPlan | null {
  const config = context.config.feeds[id]
  const feed = context.feeds[id]
  if (config === undefined || feed === undefined || !config.enabled) return null
  const wanted = Object.keys(config.series).filter((name) => pairsUsing(context, `${id}/${name}`).length > 0)
  if (wanted.length === 0) return null
  const pairs = new Set(wanted.flatMap((name) => pairsUsing(context, `${id}/${name}`)))
  const watched = watchedSeries(context, config, wanted)
  const instruments = [...new Set(wanted.flatMap((name) => config.series[name]?.instrument ?? []))]
  return {
    config,
    feed,
    pages: feed.pages(wanted, config.key),
    pairs: [...pairs].sort(),
    watched,
    instruments,
  }
}

function pairsUsing(context: Context, series: string): string[] {
  return Object.values(context.specs)
    .filter((spec) => uses(spec, series))
    .map((spec) => spec.pair)
}
