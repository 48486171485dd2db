import type { Client } from './database.ts'

export interface FetchRow {
  fetch_id: number
  feed: string
  page: string
  slot: Date
  started_at: Date
  finished_at: Date
  outcome: 'changed' | 'unchanged' | 'failed' | 'not_understood'
  status: number | null
  error: string | null
  content_type: string | null
  body_hash: Buffer | null
  /** gzip; null when it is the same as that of `body_fetch_id` */
  body: Buffer | null
  body_fetch_id: number | null
}

/** One statement a page: the body is binary, and most feeds have one page. */
export async function insertFetch(client: Client, row: FetchRow): Promise<void> {
  await client.query(INSERT, [
    row.fetch_id,
    row.feed,
    row.page,
    row.slot,
    row.started_at,
    row.finished_at,
    row.outcome,
    row.status,
    row.error,
    row.content_type,
    row.body_hash,
    row.body,
    row.body_fetch_id,
  ])
}

const INSERT = {
  name: 'insert-fetch',
  text: `insert into metalgap.fetches (fetch_id, feed, page, slot, started_at, finished_at, outcome, status, error,
      content_type, body_hash, body, body_fetch_id)
    overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
}
