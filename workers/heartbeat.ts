/**
 * A sign of life to somebody else (Healthchecks, Cronitor, Uptime Kuma, ...), who raises the alarm when it stops: the one
 * failure that Metalgap cannot tell of itself is its own. It is no channel, for it carries no alert.
 */
import type { Context } from '../src/context.ts'
import { exchange } from '../src/http.ts'
import { VERSION } from '../src/version.ts'
import { every } from './every.ts'
import type { Check } from './health.ts'

const DEADLINE_MS = 10_000
const MAX_BYTES = 4_096

/** Sent only while every check passes; null where none is configured. */
export function openHeartbeat(
  context: Pick<Context, 'config' | 'log' | 'life'>,
  checks: Record<string, Check>,
): AsyncDisposable | null {
  const { heartbeat } = context.config
  if (heartbeat === null) return null
  const beat = async () => {
    await allPass(checks)
    await ping(context, heartbeat.url)
  }
  return every(heartbeat.every_ms, beat, context.log, 'heartbeat')
}

async function allPass(checks: Record<string, Check>): Promise<void> {
  for (const [part, check] of Object.entries(checks)) {
    try {
      await check()
    } catch (error) {
      throw new Error(`not sent, ${part}: ${(error as Error).message}`)
    }
  }
}

/** Throws HttpError, or an Error with the status; neither holds the path, which is a secret. */
async function ping({ config, life }: Pick<Context, 'config' | 'life'>, url: string): Promise<void> {
  const { status } = await exchange({
    ...{ method: 'GET', url, headers: { 'user-agent': `metalgap/${VERSION}` } },
    ...{ deadline_ms: DEADLINE_MS, max_bytes: MAX_BYTES, life },
    allow_private: config.network.allow_private,
  })
  if (status < 200 || status > 299) throw new Error(`${new URL(url).host} answered ${status}`)
}
