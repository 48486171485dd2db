import type { Verdict } from '../channels/channel.ts'
import { ourDelay, type Regime, retryDelay } from '../engine/schedule.ts'
import type { Finish } from '../store/attempts.ts'
import type { Claimed } from '../store/claims.ts'
import type { Result } from './attempt.ts'

export interface Circumstances {
  claimed: Pick<Claimed, 'attempts' | 'counted' | 'body'>
  /** the delivery whose message it was, where several were told in one; null where it was told by itself */
  folded_into: string | null
  regime: Regime
  /** the plain form of the message, for channels that have one */
  plain: string | null
  now: Date
  /** in [0, 1) */
  random: number
}

/** What follows from an attempt; pure. */
export function decide(result: Result, circumstances: Circumstances): Finish {
  const { verdict } = result
  const { claimed, folded_into, plain, now } = circumstances
  const base = {
    ...NOTHING_FURTHER,
    status: result.status,
    ambiguous: result.ambiguous,
    error: 'why' in verdict ? verdict.why : null,
  }
  // Perhaps it was refused for what it was folded with: each is sent once more by itself.
  if (folded_into !== null && (verdict.is === 'dead' || verdict.is === 'plain'))
    return { ...base, outcome: 'retry', state: 'pending', next_attempt_at: now, alone: true }
  switch (verdict.is) {
    case 'delivered':
      return {
        ...base,
        ...{ outcome: 'delivered', state: 'delivered' },
        ...{ receipt: verdict.receipt ?? null, covered_by: folded_into },
      }
    case 'dead':
      return { ...base, outcome: 'dead', state: 'dead' }
    case 'disable':
      return {
        ...base,
        outcome: 'disabled',
        state: 'pending',
        next_attempt_at: now,
        disable_reason: verdict.why,
      }
    case 'plain':
      if (plain === null || plain === claimed.body) return { ...base, outcome: 'dead', state: 'dead' }
      return { ...base, outcome: 'retry', state: 'pending', next_attempt_at: now, body: plain }
    case 'retry':
      return { ...base, ...again(result, verdict, circumstances) }
  }
}

const NOTHING_FURTHER = {
  next_attempt_at: null,
  pause_until: null,
  disable_reason: null,
  body: null,
  receipt: null,
  covered_by: null,
  alone: false,
}

type Retry = Extract<Verdict, { is: 'retry' }>

function again(
  result: Result,
  { why, retry_after_ms = 0 }: Retry,
  { claimed, regime, now, random }: Circumstances,
): Partial<Finish> & Pick<Finish, 'outcome' | 'state'> {
  const outcome = result.unsent ? 'unsent' : result.ambiguous ? 'ambiguous' : 'retry'
  const wait = result.unsent
    ? ourDelay(claimed.attempts - claimed.counted + 1, random)
    : retryDelay(regime, claimed.counted, random)
  const pause_until = retry_after_ms > 0 ? later(now, retry_after_ms) : null
  if (wait === null) {
    const error = `${why}; given up after ${claimed.attempts} attempts`
    return { outcome: result.ambiguous ? outcome : 'dead', state: 'dead', error, pause_until }
  }
  return {
    outcome,
    state: 'pending',
    next_attempt_at: later(now, Math.max(wait, retry_after_ms)),
    pause_until,
  }
}

function later(now: Date, wait_ms: number): Date {
  return new Date(now.getTime() + wait_ms)
}
