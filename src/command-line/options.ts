/** What options and arguments may say; commander turns a refusal into wrong usage (exit code 2). */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { duration } from '../config/schema/words.ts'
import { UserError } from '../errors.ts'
import type { Span } from '../store/history.ts'

export interface SpanOptions {
  since?: Date
  /** null: all */
  limit: number | null
}

const MOST_SHOWN = 20

/** Gives a listing command its --since and --limit. */
export function addSpan(program: Command): Command {
  return program
    .addOption(
      new Option('--since <time>', 'an ISO time, or how long ago: 30m, 4h, 2d').argParser(instantOrAgo),
    )
    .addOption(
      new Option('--limit <count>', 'the newest so many, or all').argParser(countOrAll).default(MOST_SHOWN),
    )
}

/** One row more than is shown: so that it can be told that there are more. */
export function spanOf({ since, limit }: SpanOptions): Span {
  return { since: since ?? null, limit: limit === null ? null : limit + 1 }
}

/** '4h' is four hours ago, anything else an ISO time. */
export function instantOrAgo(text: string): Date {
  const ago = duration.safeParse(text)
  return ago.success ? new Date(Date.now() - ago.data) : instant(text)
}

const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/

/** A date alone is its beginning in UTC. */
export function instant(text: string): Date {
  const time = new Date(text)
  if (ISO.test(text) && !Number.isNaN(time.getTime())) return time
  throw new InvalidArgumentError('Expected an ISO time such as 2026-01-29T07:00:00Z, or a date.')
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** Text that is no id names nothing that there is, which is no wrong usage. */
export function uuid(text: string): string {
  if (isUuid(text)) return text
  throw new UserError(
    `There is nothing with the id "${text}". Ids look like 5f0c6f0e-1b1c-4d7e-9a35-0a8f4c1d2e3f.`,
  )
}

function countOrAll(text: string): number | null {
  if (text === 'all') return null
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number from 1, or all.')
}

/** '4h' is in four hours, anything else an ISO time. */
export function futureInstant(text: string): Date {
  const ahead = duration.safeParse(text)
  return ahead.success ? new Date(Date.now() + ahead.data) : instant(text)
}
