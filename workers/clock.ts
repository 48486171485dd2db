/** The process's clock beside the database's, from the start on. */
import { clockSkew, type Skew } from '../src/clock.ts'
import type { Context } from '../src/context.ts'
import { UserError } from '../src/errors.ts'
import { every } from './every.ts'
import type { Check } from './health.ts'

const LOOK_EVERY_MS = 15_000

export interface Clock extends AsyncDisposable {
  /** throws where the clock is wrong, answers with a remark where it is off */
  check: Check
  skew(): Skew
}

/** Throws a UserError where the clock is wrong. */
export async function openClock({
  database,
  log,
  now,
}: Pick<Context, 'database' | 'log' | 'now'>): Promise<Clock> {
  let skew = await clockSkew(database, now)
  if (skew.is === 'wrong') {
    throw new UserError(
      `Not started: ${skew.text}, and 30 s are too much: another process would send what this one is sending. Set the clocks of both machines by NTP (timedatectl set-ntp true), then start again.`,
    )
  }
  let told: Skew['is'] = 'fine'
  const look = async () => {
    skew = await clockSkew(database, now)
    if (skew.is !== told && skew.is !== 'fine')
      log[skew.is === 'wrong' ? 'error' : 'warn']({ skew_ms: skew.ms }, `${skew.text}: set both by NTP`)
    told = skew.is
  }
  return {
    check: async () => {
      await look()
      if (skew.is === 'wrong') throw new Error(skew.text)
      return skew.is === 'off' ? skew.text : undefined
    },
    skew: () => skew,
    ...every(LOOK_EVERY_MS, look, log, 'clock'),
  }
}
