/** When to try again. Waits are milliseconds; `random` is in [0, 1). */

export type Regime = 'chat' | 'webhook' | 'local'

const SECOND = 1_000
const MINUTE = 60_000
const HOUR = 3_600_000

const CHAT = [5 * SECOND, 15 * SECOND, 30 * SECOND, ...[1, 2, 5, 10, 15, 30].map((step) => step * MINUTE)]
const WEBHOOK = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 14, 20, 24].map((step) => step * HOUR)]
const WAITS: Record<Regime, readonly number[]> = { chat: CHAT, webhook: WEBHOOK, local: CHAT }

const JITTER = 0.1
const OURS_MOST = 5 * MINUTE

/** The wait after that many attempts; null when there were enough. */
export function retryDelay(regime: Regime, attempts: number, random: number): number | null {
  const wait = WAITS[regime][attempts - 1]
  return wait === undefined ? null : jittered(wait, random)
}

/** The wait after a fault of our own, the `faults`th of this delivery: it never ends in giving up. */
export function ourDelay(faults: number, random: number): number {
  return jittered(Math.min(5 * SECOND * 2 ** Math.min(faults - 1, 10), OURS_MOST), random)
}

function jittered(wait: number, random: number): number {
  return Math.round(wait * (1 - JITTER + 2 * JITTER * random))
}
