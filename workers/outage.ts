/**
 * A dependency that is away is logged once, and once more when it is back; in between it is asked every second. One that comes
 * and goes is logged once a minute: on a full disk Postgres reads and does not write, so that it fails and works every second.
 */
import type { Log } from '../src/log.ts'

export interface Outage extends Disposable {
  /** something failed; starts asking when that is new */
  report(error: Error): void
  /** what failed first, null while all is well */
  reason(): string | null
}

const ASK_EVERY_MS = 1_000
const TELL_EVERY_MS = 60_000

/** `restore` throws while the dependency is away. `what` begins the log lines: "the queue (redis)". */
export function openOutage(log: Log, what: string, restore: () => Promise<void>): Outage {
  let timer: NodeJS.Timeout | null = null
  let reason: string | null = null
  let told_at = Number.NEGATIVE_INFINITY
  let isTold = false
  let ended = false
  const tell = () => {
    if (isTold || Date.now() - told_at < TELL_EVERY_MS) return
    isTold = true
    told_at = Date.now()
    log.error(`${what} does not work: ${reason}; asking every second until it does`)
  }
  const ask = async () => {
    try {
      await restore()
      if (!ended && isTold) log.info(`${what} works again`)
      timer = null
      reason = null
    } catch {
      if (ended) return
      tell()
      timer = setTimeout(ask, ASK_EVERY_MS)
    }
  }
  return {
    report(error) {
      if (ended || timer !== null) return
      reason = error.message || error.name
      isTold = false
      tell()
      timer = setTimeout(ask, ASK_EVERY_MS)
    },
    reason: () => reason,
    [Symbol.dispose]() {
      ended = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
