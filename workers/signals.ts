/**
 * SIGTERM, SIGINT and SIGHUP (the terminal is gone): the first asks to finish, another one more than a second later ends the
 * process at once.
 */
import { constants } from 'node:os'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
// npm hands a signal of the terminal on to a process that has already had it
const ONE_AND_THE_SAME_MS = 1_000

export interface Signals extends Disposable {
  /** resolves with the first signal */
  first: Promise<NodeJS.Signals>
}

export function listenForSignals(): Signals {
  const { promise: first, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let since: number | null = null
  const heard = (signal: (typeof SIGNALS)[number]) => {
    const now = performance.now()
    since ??= now
    if (now - since > ONE_AND_THE_SAME_MS) process.exit(128 + constants.signals[signal])
    resolve(signal)
  }
  for (const signal of SIGNALS) process.on(signal, heard)
  return {
    first,
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, heard)
    },
  }
}
