/** A Config from inline YAML, for any test: what is not given is as small as it may be. */
import { readShippedCalendars, type Texts } from '../src/config/files.ts'
import { resolveConfig, type Surroundings } from '../src/config/resolve.ts'
import type { Config } from '../src/config.ts'
import { loadChannels, loadFeeds } from '../src/shelf.ts'

/** channels.yaml: everything goes to the console. */
export const CHANNELS = 'channels: { terminal: { kind: console } }\noperators: [terminal]\n'

/**
 * `configFrom({ 'metals/silver.yaml': '...', 'channels.yaml': '...' })` reads these texts with the real feeds, channels and
 * shipped calendars, as if they stood in a folder `config`, on a day on which no calendar runs out.
 */
export async function configFrom(texts: Texts, around: Partial<Surroundings> = {}): Promise<Config> {
  const [feeds, channels, shippedCalendars] = await Promise.all([
    loadFeeds(),
    loadChannels(),
    readShippedCalendars(),
  ])
  const now = new Date('2026-03-02T00:00:00Z')
  return resolveConfig(texts, {
    folder: 'config',
    env: {},
    now,
    feeds,
    channels,
    shippedCalendars,
    ...around,
  })
}
