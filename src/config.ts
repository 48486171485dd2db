/** Reads and validates config/; the schemas in src/config/schema are the only description of what it may say. */
import { relative } from 'node:path'
import { readShippedCalendars, readTexts } from './config/files.ts'
import { resolveConfig } from './config/resolve.ts'
import type { Config } from './config/types.ts'
import { loadChannels, loadFeeds } from './shelf.ts'

export { ConfigError } from './config/finding.ts'
export type * from './config/types.ts'
export { usedSeries } from './config/use.ts'

/**
 * The configuration of a folder. `env` supplies the secrets, `now` the day on which a calendar is about to run out.
 * Throws ConfigError (exit code 78) with every mistake of every file, UserError (78) where a file cannot be read.
 */
export async function readConfig(
  folder: string,
  env: Record<string, string | undefined>,
  now: Date,
): Promise<Config> {
  const [texts, shippedCalendars, feeds, channels] = await Promise.all([
    readTexts(folder),
    readShippedCalendars(),
    loadFeeds(),
    loadChannels(),
  ])
  const near = relative('', folder)
  const shown = near === '' || near.startsWith('..') ? folder : near
  return resolveConfig(texts, { folder: shown, env, now, feeds, channels, shippedCalendars })
}
