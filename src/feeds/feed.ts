/**
 * The contract of the shelf `src/feeds/`: one file a source, the file's name is the feed's id, nothing else to edit.
 * A feed states facts of its source and understands its pages; it has no clock, no network and no state.
 */
import type { SeriesFacts } from '../engine/model.ts'

/** What a page says of one series: exact decimal text, and the source's own time. */
export interface Quote {
  /** the name within the feed, e.g. `ag-td` */
  name: string
  at: Date
  price: string
  bid?: string
  ask?: string
}

/** A series of the page that could not be used, while the rest of the page could. */
export interface Refusal {
  name: string
  problem: string
}

/** One request of a feed; most feeds have one. The path stays the feed's own, whatever `base_url` says. */
export interface Page {
  /** unique within the feed; stored with the fetch */
  page: string
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  /** urlencoded form fields of a POST */
  form?: Record<string, string>
  /** names of the series that this page carries */
  series: readonly string[]
}

/** A body as it came; text feeds decode it themselves (Sina is GB18030). */
export interface Body {
  page: string
  bytes: Uint8Array
  content_type: string
}

export type FeedSeries = Omit<SeriesFacts, 'series' | 'feed'>

export interface Feed {
  title: string
  /** scheme, host, port */
  base_url: string
  /** hosts beside its own to which it may be redirected, with the port where it is not the usual one */
  redirect_hosts?: readonly string[]
  /** cron, 5 or 6 fields, in `zone` */
  schedule: string
  zone: string
  /** the polite floor between two polls of the real source; does not bind loopback */
  min_interval_ms: number
  /** biggest page that is read */
  max_bytes: number
  terms: { url: string; note: string }
  /** true where the source wants a key (feeds.yaml `key`) */
  needs_key?: boolean
  series: Record<string, FeedSeries>
  /** the requests for the wanted names */
  pages(wanted: readonly string[], key?: string): Page[]
  /**
   * Understands one page. Throws NotUnderstood when the page is not what it should be; an empty answer means
   * "no price today" and nothing else.
   */
  parse(body: Body): { quotes: Quote[]; refused: Refusal[] }
  /** a synthetic worked example per page, which the conformance suite runs */
  examples: readonly { body: Body; quotes: Quote[]; refused?: Refusal[] }[]
}

/** The page is not what the source used to serve: nothing in it is believed. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood' as const
}
