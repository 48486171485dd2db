/** One page of a feed: asked for, received, understood. What goes wrong on the way is a result, not an exception. */
import { hash } from 'node:crypto'
import type { FeedConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { type Feed, NotUnderstood, type Page, type Quote, type Refusal } from '../feeds/feed.ts'
import { exchange, HttpError } from '../http.ts'
import { cut, oneLine } from '../text.ts'
import { notePause, pauseOf } from './feed-pauses.ts'

const DEADLINE_MS = 15_000
/** of an error: pages may be long, and some are quoted */
const MOST = 500

export interface ReadPage {
  page: string
  started_at: Date
  finished_at: Date
  status: number | null
  content_type: string | null
  bytes: Uint8Array | null
  body_hash: Buffer | null
  quotes: Quote[]
  refused: Refusal[]
  /** of the page as a whole; null when it was understood */
  problem: { is: 'failed' | 'not_understood'; error: string; ours: boolean } | null
}

/** What of the context a reading needs: no database. */
type Reading = Pick<Context, 'config' | 'now' | 'life'>

/** Asks for one page and understands it. Never throws for what the world does. */
export async function readPage(
  context: Reading,
  config: FeedConfig,
  feed: Feed,
  page: Page,
): Promise<ReadPage> {
  const started_at = context.now()
  const read: ReadPage = {
    page: page.page,
    started_at,
    finished_at: started_at,
    status: null,
    content_type: null,
    bytes: null,
    body_hash: null,
    quotes: [],
    refused: [],
    problem: null,
  }
  try {
    const pause = pauseOf(config, started_at)
    if (pause !== null) throw new Failed(pause)
    const reply = await ask(context, config, feed, page)
    read.status = reply.status
    read.bytes = withoutKey(reply.bytes, config.key)
    read.content_type = asShown(reply.headers['content-type'] ?? '') || null
    read.body_hash = hash('sha256', read.bytes, 'buffer')
    if (reply.status < 200 || reply.status > 299) throw new Failed(notePause(config, reply, context.now()))
    Object.assign(read, understand(config, feed, read, read.bytes))
    if (read.quotes.length === 0 && read.refused.length > 0) throw new NotUnderstood(refusals(read))
  } catch (error) {
    read.problem = problemOf(error)
  }
  read.finished_at = context.now()
  return read
}

const SHORTEST_KEY = 6

/** A source may hand back the key that it was asked with: neither the page that is kept nor an error that quotes it holds it. */
function withoutKey(bytes: Uint8Array, key = ''): Uint8Array {
  if (key.length < SHORTEST_KEY) return bytes
  // one character a byte, whatever the encoding of the page
  const text = Buffer.from(bytes).toString('latin1')
  const secret = Buffer.from(key).toString('latin1')
  return text.includes(secret) ? Buffer.from(text.replaceAll(secret, '[key]'), 'latin1') : bytes
}

type Said = ReturnType<Feed['parse']>

/** By page of a feed: what the last body said. The same bytes say the same again, and most polls bring the same bytes. */
const understood = new WeakMap<FeedConfig, Map<string, { hash: Buffer | null; type: string; said: Said }>>()

function understand(
  config: FeedConfig,
  feed: Feed,
  { page, body_hash, content_type }: ReadPage,
  bytes: Uint8Array,
): Said {
  const type = content_type ?? ''
  const pages = understood.get(config) ?? new Map()
  understood.set(config, pages)
  const last = pages.get(page)
  if (body_hash !== null && last?.type === type && last.hash?.equals(body_hash)) return last.said
  const { quotes, refused } = feed.parse({ page, bytes, content_type: type })
  // they quote the page
  const said = { quotes, refused: refused.map((each) => ({ ...each, problem: asShown(each.problem) })) }
  pages.set(page, { hash: body_hash, type, said })
  return said
}

function ask(context: Reading, config: FeedConfig, feed: Feed, page: Page) {
  const form = page.form === undefined ? null : new URLSearchParams(page.form).toString()
  return exchange({
    method: page.method,
    url: new URL(page.path, config.base_url).href,
    headers: {
      ...(form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }),
      ...page.headers,
    },
    ...(form === null ? {} : { body: form }),
    deadline_ms: DEADLINE_MS,
    max_bytes: feed.max_bytes,
    life: context.life,
    allow_private: context.config.network.allow_private,
    plain_http: 'allowed',
    redirects: { most: 2, hosts: feed.redirect_hosts ?? [] },
    decompress: true,
    whole: true,
  })
}

/** What could not be used of a page that was understood, for people. */
export function refusals(read: Pick<ReadPage, 'refused'>): string {
  return asShown(read.refused.map(({ name, problem }) => `${name}: ${problem}`).join('; '))
}

function asShown(text: string): string {
  return cut(oneLine(text), MOST)
}

class Failed extends Error {}

/** Some of it is quoted from the page. */
function problemOf(error: unknown): NonNullable<ReadPage['problem']> {
  const text = asShown((error as Error).message)
  if (error instanceof HttpError) return { is: 'failed', error: text, ours: error.ours }
  if (error instanceof Failed) return { is: 'failed', error: text, ours: false }
  if (error instanceof NotUnderstood) return { is: 'not_understood', error: text, ours: false }
  return { is: 'not_understood', error: `the page could not be read: ${text}`, ours: false }
}
