/** A price with the page that it came from. */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Feed } from '../feeds/feed.ts'
import type { TickEvidence } from '../store/evidence.ts'
import { type Origin, originOf } from './payload.ts'

export interface Payload extends Origin {
  fetch_id: number
  page: string
  fetched_at: Date | null
  status: number | null
  content_type: string | null
  bytes: number
  sha256: string
  /** the bytes that are kept have that hash */
  hash_agrees: boolean
  /** the fetch that keeps them: the same, or an earlier one where the page had not changed since */
  body_fetch_id: number
}

export interface ExplainedTick
  extends Omit<
    TickEvidence,
    'body' | 'body_hash' | 'body_fetch_id' | 'page' | 'finished_at' | 'status' | 'content_type' | 'fetch_id'
  > {
  /** null for a price that did not come from a page, or whose page is no longer kept */
  payload: Payload | null
}

/** `feed` is undefined where the program no longer knows it. */
export function explainTick(evidence: TickEvidence, feed: Feed | undefined): ExplainedTick {
  const { body, body_hash, body_fetch_id, page, finished_at, status, content_type, fetch_id, ...tick } =
    evidence
  if (body === null || body_hash === null || body_fetch_id === null || fetch_id === null || page === null)
    return { ...tick, payload: null }
  const bytes = gunzipSync(body)
  const { name, at, price } = tick
  const origin = feed
    ? originOf(feed, { page, content_type: content_type ?? '', bytes }, { name, at, price })
    : { excerpts: [], derivation: null, read_again: false }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    ...tick,
    payload: {
      ...{ fetch_id, page, fetched_at: finished_at, status, content_type, bytes: bytes.length },
      ...{ sha256: body_hash, hash_agrees: sha256 === body_hash, body_fetch_id },
      ...origin,
    },
  }
}
