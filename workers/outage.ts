/** A dependency that is away is logged once, and once more when it is back; in between it is asked every second. */
import type { Log } from '../src/log.ts'

export interface Outage extends Disposable {
  /** something failed; starts asking when that is new */
  report(error: Error): void
  /** what failed first, null while all is well */
  reason(): string | null
}

const ASK_EVERY_MS = 1_000

/** `restore` throws while the dependency is away. `what` begins the log lines: "the queue (redis)". */
export function openOutage(log: Log, what: string, restore: () => Promise<void>): Outage {
  let timer: NodeJS.Timeout | null = null
  let reason: string | null = null
  let ended = false
  const ask = async () => {
    try {
      await restore()
      if (!ended) log.info(`${what} works again`)
      timer = null
      reason = null
    } catch {
      if (!ended) timer = setTimeout(ask, ASK_EVERY_MS)
    }
  }
  return {
    report(error) {
      if (ended || timer !== null) return
      reason = error.message || error.name
      log.error(`${what} does not work: ${reason}; asking every second until it does`)
      timer = setTimeout(ask, ASK_EVERY_MS)
    },
    reason: () => reason,
    [Symbol.dispose]() {
      ended = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
