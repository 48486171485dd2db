/** What went wrong with a poll's pages, for people. */
import type { Context } from '../context.ts'
import { type ReadPage, refusals } from './page.ts'

/** Once when a feed begins to fail or fails in another way, and once when it is back: not at every poll. */
export function logChange(
  context: Context,
  feed: string,
  before: string | null,
  pages: readonly ReadPage[],
): void {
  const error = troubleOf(pages)
  if (error === before) return
  if (error === null) context.log.info({ feed }, `${feed}: prices again`)
  else
    context.log.warn(
      { feed },
      `${feed}: ${problemOf(pages) === null ? 'not all prices' : 'no prices'}: ${error}`,
    )
}

export function problemOf(pages: readonly ReadPage[]): ReadPage['problem'] {
  return pages.find((page) => page.problem !== null)?.problem ?? null
}

/** A series of a good page that was refused is no failure of the feed, but no secret either. */
export function troubleOf(pages: readonly ReadPage[]): string | null {
  return problemOf(pages)?.error ?? (pages.map(refusals).filter(Boolean).join('; ') || null)
}
