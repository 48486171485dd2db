/** Does something at once and then again and again, never twice at the same time; a failure is logged once while it lasts. */
import type { Log } from '../src/log.ts'

/** Disposing waits for the run that has begun. */
export function every(pause_ms: number, task: () => Promise<void>, log: Log, name: string): AsyncDisposable {
  let failing = false
  let running: Promise<void> | null = null
  const run = async () => {
    try {
      await task()
      failing = false
    } catch (error) {
      if (!failing) log.error(`${name} failed: ${(error as Error).message}`)
      failing = true
    }
    running = null
  }
  const start = () => {
    running ??= run()
  }
  start()
  const timer = setInterval(start, pause_ms)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}
