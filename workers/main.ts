/** `metalgap start`: opens the product, waits for a signal, closes it. */
import { readConfig } from '../src/config.ts'
import { openLog } from '../src/log.ts'
import type { Settings } from '../src/settings.ts'
import { openProduct } from './product.ts'
import type { Role } from './roles.ts'
import { listenForSignals } from './signals.ts'

export interface StartOptions {
  settings: Settings
  roles: readonly Role[]
  migrate: boolean
}

// What has begun has 30 s: the last of them are for closing once requests were cut off.
const PATIENCE_MS = 27_000
const GRACE_MS = 30_000

/** Runs until a signal; throws a UserError when it cannot start. */
export async function start({ settings, roles, migrate }: StartOptions): Promise<void> {
  using signals = listenForSignals()
  const now = () => new Date()
  const config = await readConfig(settings.config, settings.env, now())
  const log = openLog(settings.logLevel, process.stderr.isTTY)
  const fatal = (error: unknown) => {
    log.fatal(error, 'a mistake of the program; it stops')
    process.exit(1)
  }
  process.on('uncaughtException', fatal)
  process.on('unhandledRejection', fatal)
  const life = new AbortController()
  // a signal during the start ends it as soon as there is something to close
  await using _product = await openProduct({ settings, config, log, roles, migrate, now, life: life.signal })
  const signal = await signals.first
  log.info(`${signal}: no new work; what has begun is finished`)
  setTimeout(() => life.abort(new Error('the process stops')), PATIENCE_MS).unref()
  setTimeout(() => process.exit(0), GRACE_MS).unref()
}
