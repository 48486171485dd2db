import { join } from 'node:path'
import type { SeriesFacts } from '../engine/model.ts'
import type { Feed } from '../feeds/feed.ts'
import { didYouMean } from '../nearest.ts'
import type { Finding } from './finding.ts'
import type { Config } from './types.ts'

type Used = Pick<Config, 'pairs' | 'series' | 'feeds'>

/** The series of the legs of enabled pairs: only their feeds are polled. */
export function usedSeries({ pairs, series }: Pick<Config, 'pairs' | 'series'>): SeriesFacts[] {
  const legs = Object.values(pairs).flatMap(({ enabled, east, west, fx }) =>
    enabled ? [...east, ...west, ...(fx ? [fx] : [])] : [],
  )
  const names = new Set(legs.map((leg) => leg.series))
  return Object.values(series).filter((facts) => names.has(facts.series))
}

/** What a feed says of itself needs a calendar, or a key, that the configuration does not have. */
export function checkUse(
  config: Used,
  calendars: readonly string[],
  around: { folder: string; feeds: Record<string, Feed> },
): Finding[] {
  const at = { file: join(around.folder, 'feeds.yaml'), line: 1, column: 1 }
  return usedSeries(config).flatMap(({ series, feed, calendar }) => {
    const own = around.feeds[feed]?.series[series.slice(feed.length + 1)]?.calendar
    const messages: string[] = []
    if (own === calendar && !calendars.includes(calendar)) {
      const expected = `expected a file calendars/${calendar}.yaml, or another calendar in feeds.yaml`
      messages.push(
        `${series} names the calendar "${calendar}", ${expected}${didYouMean(calendar, calendars)}`,
      )
    }
    if (around.feeds[feed]?.needs_key && config.feeds[feed]?.key === undefined) {
      messages.push(
        `${series} is used by a pair, expected feeds.${feed}.key: \${NAME}, which its source wants`,
      )
    }
    return messages.map((message) => ({ ...at, message }))
  })
}
