import type { Body } from '../../src/feeds/feed.ts'

/** A body as a source would send it; text goes as it is, so that a test can write numbers to the digit. */
export function jsonBody(page: string, json: unknown): Body {
  const text = typeof json === 'string' ? json : JSON.stringify(json)
  return { page, content_type: 'application/json', bytes: new TextEncoder().encode(text) }
}
