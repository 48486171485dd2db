/** Sources that ask to be left alone for a while (Retry-After) ban for days who does not heed it. */
import type { FeedConfig } from '../config.ts'
import { retryAfterMs } from '../http/retry-after.ts'

/** By host, which is what bans; as far as this process knows: another one learns it by asking once itself. */
const pauses = new Map<string, { until: number; error: string }>()

/** What a poll within the pause says instead of asking; null where there is none. */
export function pauseOf(config: FeedConfig, now: Date): string | null {
  const pause = pauses.get(hostOf(config))
  return pause !== undefined && now.getTime() < pause.until ? pause.error : null
}

/** Keeps the wish that came with a refusal, if any; answers with what went wrong, in the words of the whole pause. */
export function notePause(
  config: FeedConfig,
  { status, headers }: { status: number; headers: Record<string, string> },
  now: Date,
): string {
  const host = hostOf(config)
  const error = `${host} answered ${status}`
  const wait_ms = retryAfterMs(headers, now)
  if (wait_ms === null || wait_ms === 0) return error
  const until = now.getTime() + wait_ms
  const pause = { until, error: `${error}, and is not asked again before ${new Date(until).toISOString()}` }
  pauses.set(host, pause)
  return pause.error
}

function hostOf({ base_url }: FeedConfig): string {
  return new URL(base_url).host
}
