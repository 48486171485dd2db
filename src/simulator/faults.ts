/** What can be wrong with a source, one feed at a time, until it is healed or for a number of requests. */
import { UserError } from '../errors.ts'

export const FAULTS = {
  '500': 'answers 500',
  '503': 'answers 503',
  '403': 'answers 403',
  waf: 'a firewall page with status 200',
  empty: 'status 200 and nothing in it',
  truncated: 'half of the page, complete as far as HTTP is concerned',
  reset: 'half of the page, then the connection is cut',
  outage: 'the connection is cut without an answer',
  hang: 'never answers',
  'slow-loris': 'one byte every 200 ms',
  redirect: 'sends the caller to another host',
  frozen: 'repeats the page that it served first',
  'wrong-instrument': 'a good page that names another instrument',
  zero: 'every price is 0',
  'unit-error': 'every price is a thousand times too high',
} as const

export type Fault = keyof typeof FAULTS

export interface Faults {
  /** from now on; `times`: for so many requests. Null heals. */
  set(feed: string, fault: Fault | null, times?: number): void
  heal(): void
  active(): Record<string, Fault>
  /** the fault of this request; counts it */
  take(feed: string): Fault | null
}

export function openFaults(): Faults {
  const current = new Map<string, { fault: Fault; left: number }>()
  return {
    set(feed, fault, times = Number.POSITIVE_INFINITY) {
      if (fault) current.set(feed, { fault, left: times })
      else current.delete(feed)
    },
    heal: () => current.clear(),
    active: () => Object.fromEntries([...current].map(([feed, { fault }]) => [feed, fault])),
    take(feed) {
      const found = current.get(feed)
      if (!found) return null
      found.left -= 1
      if (found.left <= 0) current.delete(feed)
      return found.fault
    },
  }
}

/** Understands `sina=hang`, `sge-delayed=503*3`; throws UserError (2) that names what there is. */
export function parseFault(
  text: string,
  feeds: readonly string[],
): { feed: string; fault: Fault; times?: number } {
  const [, feed = '', fault = '', times] = /^([^=]*)=([^*]*)(?:\*(\d+))?$/.exec(text) ?? []
  const expected = 'expected FEED=FAULT or FEED=FAULT*TIMES, e.g. sina=503*3'
  if (!feeds.includes(feed))
    throw new UserError(`faults: found "${text}", ${expected}; feeds are ${feeds.join(', ')}`, 2)
  if (!isFault(fault))
    throw new UserError(
      `faults: found "${text}", ${expected}; faults are ${Object.keys(FAULTS).join(', ')}`,
      2,
    )
  return { feed, fault, ...(times ? { times: Number(times) } : {}) }
}

export function isFault(text: string): text is Fault {
  return Object.hasOwn(FAULTS, text)
}
