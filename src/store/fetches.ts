import type { Transaction } from './database.ts'

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

export function insertFetches(client: Transaction, rows: readonly FetchRow[]): void {
  client.send(
    INSERT,
    COLUMNS.map(([column]) => rows.map((row) => row[column])),
  )
}

const COLUMNS = [
  ['fetch_id', 'bigint'],
  ['feed', 'text'],
  ['page', 'text'],
  ['slot', 'timestamptz'],
  ['started_at', 'timestamptz'],
  ['finished_at', 'timestamptz'],
  ['outcome', 'text'],
  ['status', 'integer'],
  ['error', 'text'],
  ['content_type', 'text'],
  ['body_hash', 'bytea'],
  ['body', 'bytea'],
  ['body_fetch_id', 'bigint'],
] as const satisfies [keyof FetchRow, string][]

const INSERT = {
  name: 'insert-fetches',
  text: `insert into metalgap.fetches (${COLUMNS.map(([column]) => column).join(', ')}) overriding system value
    select * from unnest(${COLUMNS.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})`,
}
