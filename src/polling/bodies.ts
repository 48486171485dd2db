/** Bodies of pages: kept once, compressed, when they differ from the last one that was kept or were not understood. */
import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import type { FetchRow } from '../store/fetches.ts'
import type { KnownFeed } from '../store/polls.ts'
import type { ReadPage } from './page.ts'

const compress = promisify(gzip)
const FAST = { level: 1 }

/** By database, feed and page: the hash of what was kept last, as far as this process knows. */
const kept = new Map<string, string>()

/** Compresses what will probably be kept, beside the main thread and before anything is locked. */
export async function pack(place: string, page: ReadPage): Promise<Buffer | null> {
  if (page.bytes === null || kept.get(`${place} ${page.page}`) === hashOf(page)) return null
  return compress(page.bytes, FAST)
}

export function hashOf({ body_hash }: ReadPage): string | undefined {
  return body_hash?.toString('hex')
}

/** Is it what was kept last? */
export function isKept(page: ReadPage, feed: KnownFeed): boolean {
  return page.body_hash !== null && feed.pages[page.page]?.hash === hashOf(page)
}

/** What a fetch's row says of its body. */
export function bodyOf(
  place: string,
  { page, packed }: { page: ReadPage; packed: Buffer | null },
  feed: KnownFeed,
  fetch_id: number,
): Pick<FetchRow, 'body_hash' | 'body' | 'body_fetch_id'> {
  const { body_hash, bytes } = page
  const hash = hashOf(page)
  if (hash !== undefined) kept.set(`${place} ${page.page}`, hash)
  if (bytes === null) return { body_hash, body: null, body_fetch_id: null }
  if (isKept(page, feed))
    return { body_hash, body: null, body_fetch_id: feed.pages[page.page]?.fetch_id ?? null }
  return { body_hash, body: packed ?? gzipSync(bytes, FAST), body_fetch_id: fetch_id }
}

/** The feed's memory of its bodies after a poll. */
export function keptAfter(
  feed: KnownFeed,
  pages: readonly ReadPage[],
  fetch_ids: readonly number[],
): KnownFeed['pages'] {
  const after = { ...feed.pages }
  for (const [i, page] of pages.entries()) {
    const hash = hashOf(page)
    if (hash !== undefined && !isKept(page, feed))
      after[page.page] = { hash, fetch_id: fetch_ids[i] as number }
  }
  return after
}
