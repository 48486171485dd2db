/** What goes wrong with all of Metalgap at once: the one thing that it cannot tell of itself. */
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import type { Config } from '../../src/config.ts'
import { openHeartbeat } from '../../workers/heartbeat.ts'
import { startDestination } from '../pipeline/destination.ts'

const MINUTE = 60_000

test('Scenario 20: the sign of life comes every minute while all is well, and stops with the process or with its database, so that somebody else pages', async () => {
  await using somebody = await startDestination()
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    let well = true
    let looks = 0
    const database = async () => {
      looks++
      if (!well) throw new Error('no answer')
    }
    const minute = async () => {
      vi.advanceTimersByTime(MINUTE)
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    const minutesUntil = (happened: () => boolean) =>
      expect
        .poll(async () => {
          if (!happened()) await minute()
          return happened()
        })
        .toBe(true)
    const beating = openHeartbeat(contextFor(somebody.url), { database }) as AsyncDisposable
    const heard = () => somebody.received.length
    await minutesUntil(() => heard() >= 2)
    well = false
    const before = looks
    await minutesUntil(() => looks > before + 1)
    const ill = heard()
    await minutesUntil(() => looks > before + 4)
    expect(heard()).toBe(ill)
    well = true
    await minutesUntil(() => heard() > ill)
    await beating[Symbol.asyncDispose]()
    const last = heard()
    for (let dead = 0; dead < 10; dead++) await minute()
    expect(heard()).toBe(last)
  } finally {
    vi.useRealTimers()
  }
})

function contextFor(url: string) {
  const heartbeat = { url, every_ms: MINUTE }
  const config = { heartbeat, network: { allow_private: ['127.0.0.0/8'] } } as unknown as Config
  return { config, log: pino({ level: 'silent' }), life: new AbortController().signal }
}
