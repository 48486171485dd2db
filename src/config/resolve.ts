/** From the texts of a configuration to what the program uses, or to everything that is wrong with them. */
import { byName } from '../by-name.ts'
import type { Channel } from '../channels/channel.ts'
import type { Feed } from '../feeds/feed.ts'
import { cut, oneLine } from '../text.ts'
import { calendarWarnings, resolveCalendars } from './calendars.ts'
import { resolveChannels } from './channels.ts'
import { check } from './check.ts'
import { contentOf, hashOf, type Resolved } from './content.ts'
import { openDocuments } from './documents.ts'
import { resolveFeeds } from './feeds.ts'
import type { Texts } from './files.ts'
import { ConfigError } from './finding.ts'
import { namesOfMetals, resolveMetals } from './metals.ts'
import { checkRoutes } from './routes.ts'
import { networkFile } from './schema/network.ts'
import { policyFile } from './schema/policy.ts'
import { remembering, secretsFrom } from './secrets.ts'
import { silentWarnings } from './silent.ts'
import type { Config } from './types.ts'
import { checkUse, usedSeries } from './use.ts'

export interface Surroundings {
  /** how files are named in messages */
  folder: string
  env: Record<string, string | undefined>
  now: Date
  feeds: Record<string, Feed>
  channels: Record<string, Channel>
  shippedCalendars: Texts
}

const LONGEST = 500
const shown = (message: string) => cut(oneLine(message), LONGEST)

/** Throws ConfigError with every mistake. */
export function resolveConfig(texts: Texts, around: Surroundings): Config {
  const { secret, hide } = remembering(secretsFrom(around.env))
  const documents = openDocuments(around.folder, texts, around.shippedCalendars, secret)
  const { findings } = documents
  const network = (documents.network && check(networkFile, documents.network)) ?? { allow_private: [] }
  const calendars = resolveCalendars(documents)
  const { feeds, own } = resolveFeeds(documents.feeds, around.feeds, calendars.names, network.allow_private)
  const series = Object.fromEntries(
    [...Object.values(feeds), ...Object.values(own)]
      .flatMap((feed) => Object.values(feed.series))
      .map((facts) => [facts.series, facts]),
  )
  const channels = resolveChannels(documents.channels, around.channels, network.allow_private)
  const metals = resolveMetals(documents, series, channels.names)
  const policy = (documents.policy && check(policyFile, documents.policy)?.events) ?? []
  const resolved = {
    ...metals,
    channels: channels.channels,
    operators: channels.operators,
    routes: channels.routes,
    heartbeat: channels.heartbeat,
    evidence_link: channels.evidence_link,
    feeds,
    own,
    series,
    calendars: calendars.opened,
    policy: policy.map(({ remind, ...event }) => ({ ...event, remind_ms: remind })),
    network,
  }
  checkRoutes(documents.channels, namesOfMetals(documents), channels.names)
  findings.push(...checkUse(resolved, calendars.names, around))
  // a secret may stand where a name is expected, and is then no name that anybody knows
  if (findings.length > 0)
    throw new ConfigError(findings.map((finding) => ({ ...finding, message: shown(hide(finding.message)) })))
  const used = new Set(usedSeries(resolved).map((facts) => facts.calendar))
  const running = Object.values(calendars.opened).filter((one) => used.has(one.calendar))
  const warnings = [...silentWarnings(resolved), ...calendarWarnings(running, around.now)]
  const content = contentOf(resolved, calendars.specs)
  return { version: hashOf(content), content, warnings, ...resolved, ...askedByName(resolved) }
}

/** What commands and files ask for by a name that somebody typed. */
function askedByName({ metals, pairs, rules, exposures, channels, feeds, own, series, calendars }: Resolved) {
  return {
    ...{ metals: byName(metals), pairs: byName(pairs), rules: byName(rules), exposures: byName(exposures) },
    ...{ channels: byName(channels), feeds: byName(feeds), own: byName(own), series: byName(series) },
    calendars: byName(calendars),
  }
}
