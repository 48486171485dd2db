/** The configuration, its secrets and calendars, and on request its sources. */
import type { Config } from '../config.ts'
import { polledFeeds } from '../outlook.ts'
import { readPage } from '../polling/page.ts'
import { loadFeeds } from '../shelf.ts'
import { counted } from '../text.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export function checkConfiguration(config: Config): Finding[] {
  const feeds = polledFeeds(config)
  const told = Object.values(config.rules).filter(({ enabled }) => enabled)
  return [
    feeds.length === 0
      ? warn('config', 'valid, but no feed is polled', 'Enable a pair in metals/*.yaml.')
      : ok(
          'config',
          `valid, every secret is set; ${counted(feeds.length, 'feed')}, ${counted(told.length, 'rule')}`,
        ),
    config.operators.length === 0
      ? warn(
          'operators',
          'nobody hears of failing feeds',
          'Name a channel in channels.yaml: operators: [...]',
        )
      : ok('operators', config.operators.join(', ')),
    ...(config.warnings.length === 0
      ? [ok('calendars', 'none runs out soon')]
      : config.warnings.map((warning) => warn('config', warning, 'Look closer with: metalgap check'))),
  ]
}

/** Asks every source that is polled, once; stores nothing. */
export async function checkSources(config: Config, now: () => Date): Promise<Finding[]> {
  const feeds = await loadFeeds()
  const context = { config, now, life: new AbortController().signal }
  const asked = polledFeeds(config).map(async ({ feed: id, series }): Promise<Finding[]> => {
    const [feed, configured] = [feeds[id], config.feeds[id]]
    if (feed === undefined || configured === undefined) return []
    const pages = await Promise.all(
      feed.pages(series, configured.key).map((page) => readPage(context, configured, feed, page)),
    )
    const problem = pages.find((page) => page.problem !== null)?.problem?.error
    const prices = pages.reduce((count, { quotes }) => count + quotes.length, 0)
    return [
      problem === undefined
        ? ok(`feed ${id}`, counted(prices, 'price'))
        : fail(`feed ${id}`, problem, `Look closer with: metalgap feed ${id}`),
    ]
  })
  return (await Promise.all(asked)).flat()
}
