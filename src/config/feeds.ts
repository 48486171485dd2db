import type { SeriesFacts } from '../engine/model.ts'
import type { Feed } from '../feeds/feed.ts'
import { addressProblem } from '../http/addresses.ts'
import { check, own, reportUnknown } from './check.ts'
import type { Document } from './document.ts'
import { checkOwnSources, ownSource } from './own-sources.ts'
import { isReal, scheduleProblem } from './schedule.ts'
import { type FeedOverlay, feedsFile } from './schema/feeds.ts'
import type { Config, FeedConfig, Watch } from './types.ts'

const NOTHING: FeedOverlay = { enabled: true, series: {} }
const FAILING_AFTER = 3
const WATCH: Watch = { late_after: 2, frozen_after: 10, frozen_for_ms: 3_600_000, max_disagreement: 0.02 }

/** Every feed of the shelf with feeds.yaml laid over, and beside them the sources of people's own. */
export function resolveFeeds(
  document: Document | undefined,
  shelf: Record<string, Feed>,
  calendars: readonly string[],
  allow_private: string[],
): Pick<Config, 'feeds' | 'own'> {
  const file = (document && check(feedsFile, document)) ?? { feeds: {}, own: {} }
  const overlays = file.feeds
  for (const [feed, overlay] of Object.entries(overlays)) {
    if (document) checkOverlay(document, feed, overlay, shelf, calendars, allow_private)
  }
  if (document) checkOwnSources(document, file.own, Object.keys(shelf), calendars)
  const feeds = Object.entries(shelf).map(([feed, facts]) => [
    feed,
    laidOver(feed, facts, own(overlays, feed) ?? NOTHING),
  ])
  const sources = Object.entries(file.own).map(([feed, written]) => [feed, ownSource(feed, written)])
  return { feeds: Object.fromEntries(feeds), own: Object.fromEntries(sources) }
}

function laidOver(feed: string, facts: Feed, overlay: FeedOverlay): FeedConfig {
  const series: Record<string, SeriesFacts> = {}
  const watch: Record<string, Watch> = {}
  for (const [name, its] of Object.entries(facts.series)) {
    const { max_move, publication_lag, late_after, frozen_after, frozen_for, max_disagreement, ...rest } =
      own(overlay.series, name) ?? {}
    series[name] = { ...its, series: `${feed}/${name}`, feed, ...rest }
    if (max_move !== undefined) series[name].max_move = max_move / 100
    if (publication_lag !== undefined) series[name].publication_lag_ms = publication_lag
    watch[name] = {
      late_after: late_after ?? WATCH.late_after,
      frozen_after: frozen_after ?? WATCH.frozen_after,
      // Rates and benchmarks stand still by nature.
      frozen_for_ms:
        frozen_for === undefined ? (its.kind === 'trade' ? WATCH.frozen_for_ms : null) : frozen_for,
      max_disagreement: max_disagreement === undefined ? WATCH.max_disagreement : max_disagreement / 100,
    }
  }
  return {
    feed,
    base_url: overlay.base_url ?? facts.base_url,
    schedule: overlay.schedule ?? facts.schedule,
    zone: facts.zone,
    enabled: overlay.enabled,
    ...(overlay.key === undefined ? {} : { key: overlay.key }),
    failing_after: overlay.failing_after ?? FAILING_AFTER,
    series,
    watch,
  }
}

function checkOverlay(
  document: Document,
  feed: string,
  overlay: FeedOverlay,
  shelf: Record<string, Feed>,
  calendars: readonly string[],
  allow_private: string[],
): void {
  const path = ['feeds', feed]
  const facts = own(shelf, feed)
  reportUnknown(document, path, 'feed', feed, Object.keys(shelf))
  if (!facts) return
  const url = overlay.base_url
  const urlProblem = url === undefined ? null : baseUrlProblem(url, allow_private)
  if (urlProblem) document.report([...path, 'base_url'], urlProblem)
  if (overlay.schedule !== undefined) {
    const least_ms = isReal(url, allow_private) ? facts.min_interval_ms : 0
    const problem = scheduleProblem(overlay.schedule, facts.zone, least_ms)
    if (problem) document.report([...path, 'schedule'], problem)
  }
  for (const [name, { calendar }] of Object.entries(overlay.series)) {
    reportUnknown(document, [...path, 'series', name], 'series', name, Object.keys(facts.series))
    if (calendar !== undefined)
      reportUnknown(document, [...path, 'series', name, 'calendar'], 'calendar', calendar, calendars)
  }
}

function baseUrlProblem(url: string, allow_private: string[]): string | null {
  const parsed = URL.parse(url)
  if (parsed && (parsed.pathname !== '/' || parsed.search || parsed.hash)) {
    return "found more than scheme, host and port, expected these only; the path is the feed's own, and a key goes into `key`"
  }
  return addressProblem(url, allow_private)
}
