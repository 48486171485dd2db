/** What a body is, before anybody believes what it says: text, JSON of the expected shape, or NotUnderstood. */
import type { z } from 'zod'
import { type Body, NotUnderstood } from '../feeds/feed.ts'

/** The body as text. Throws NotUnderstood when it is empty, HTML, or not in that encoding. */
export function pageText(body: Body, encoding = 'utf-8'): string {
  const text = decode(body, encoding).trim()
  if (text === '') throw new NotUnderstood(`page "${body.page}" is empty`)
  if (/^<(!doctype|html|head|body|script)/i.test(text)) {
    const title = /<title>([^<]{0,80})/i.exec(text)?.[1]?.trim()
    throw new NotUnderstood(
      `page "${body.page}" is HTML${title ? ` titled "${title}"` : ''}; the source may be blocking us`,
    )
  }
  return text
}

/**
 * The body as JSON of `shape`, in which every number has become its literal text, so that 29925.00 stays '29925.00'.
 * Throws NotUnderstood.
 */
export function pageJson<T>(body: Body, shape: z.ZodType<T>): T {
  const read = shape.safeParse(parseExactly(pageText(body), body.page))
  if (read.success) return read.data
  const [issue] = read.error.issues
  const path = issue?.path.join('.') || 'the whole page'
  throw new NotUnderstood(`page "${body.page}": ${path}: ${issue?.message ?? 'another shape than expected'}`)
}

function decode(body: Body, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body.bytes)
  } catch {
    throw new NotUnderstood(`page "${body.page}" is not ${encoding} text`)
  }
}

// Strings as far as only punctuation stands between them, which are skipped, or a number. A string at a time takes twice
// the time (a page has 2,880), a reviver with `source` seven times; 10 MB of strings do not overflow it.
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/.source
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.source
const TOKENS = new RegExp(`${STRING}(?:[\\s,:{}[\\]]+${STRING})*|${NUMBER}`, 'g')
const quoted = (token: string) => (token.startsWith('"') ? token : `"${token}"`)

function parseExactly(text: string, page: string): unknown {
  try {
    JSON.parse(text) // the tokens are only those of JSON
    return JSON.parse(text.replace(TOKENS, quoted))
  } catch {
    throw new NotUnderstood(`page "${page}" is not JSON; it begins ${JSON.stringify(text.slice(0, 40))}`)
  }
}
