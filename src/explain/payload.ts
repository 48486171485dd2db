/** Where in a page a price stands: found by reading the page again with one figure changed, so that no guess is needed. */
import type { Feed, Quote } from '../feeds/feed.ts'
import { quotientOf } from '../reading/decimal.ts'
import { printable } from '../text.ts'
import { isSame } from './exact.ts'

export interface PageOfPrice {
  page: string
  content_type: string
  bytes: Uint8Array
}

export interface Excerpt {
  before: string
  figure: string
  after: string
}

export interface Origin {
  /** the figures of the page that decide the price: mostly one, which is the price */
  excerpts: Excerpt[]
  /** how the price is made of them; null where it is the figure itself */
  derivation: string | null
  /** reading the kept page again gives the same price at the same time */
  read_again: boolean
}

const AROUND_BYTES = 48
/** A page of decades has many figures; beyond so many the search would take too long. */
const MOST_TRIED = 3_000

/** `quote` is what was stored: the name within the feed, its time and its price. */
export function originOf(feed: Feed, page: PageOfPrice, quote: Quote): Origin {
  const read = (bytes: Uint8Array) => priceIn(feed, { ...page, bytes }, quote)
  const again = read(page.bytes)
  if (again === null || !isSame(again, quote.price))
    return { excerpts: [], derivation: null, read_again: false }
  // one character a byte: places in the text are places in the page, whatever its encoding
  const text = Buffer.from(page.bytes).toString('latin1')
  const decides = ({ index, figure }: Place) => {
    const changed = read(Buffer.from(withOther(text, index, figure), 'latin1'))
    return changed !== null && !isSame(changed, quote.price)
  }
  const literal = placesOf(text, (figure) => figure === quote.price).filter(decides)
  const found = literal.length > 0 ? literal : placesOf(text, () => true).filter(decides)
  return {
    excerpts: found.map((place) => excerptOf(page, place)),
    derivation: derivationOf(
      found.map(({ figure }) => figure),
      quote.price,
    ),
    read_again: true,
  }
}

interface Place {
  index: number
  figure: string
}

function placesOf(text: string, wanted: (figure: string) => boolean): Place[] {
  const places: Place[] = []
  for (const { index, 0: figure } of text.matchAll(/\d+(\.\d+)?/g)) {
    if (wanted(figure)) places.push({ index, figure })
    if (places.length === MOST_TRIED) break
  }
  return places
}

/** The last digit is another one, and never makes the figure zero. */
function withOther(text: string, index: number, figure: string): string {
  const end = index + figure.length
  const other = figure.endsWith('9') ? '8' : String(Number(figure.at(-1)) + 1)
  return text.slice(0, end - 1) + other + text.slice(end)
}

function priceIn(feed: Feed, page: PageOfPrice, { name, at }: Quote): string | null {
  try {
    const { quotes } = feed.parse(page)
    return quotes.find((quote) => quote.name === name && quote.at.getTime() === at.getTime())?.price ?? null
  } catch {
    return null
  }
}

function derivationOf(figures: readonly string[], price: string): string | null {
  const [a, b] = figures
  if (a === undefined || b === undefined || figures.length !== 2) return null
  const decimals = price.split('.')[1]?.length ?? 0
  for (const [over, under] of [
    [a, b],
    [b, a],
  ] as const) {
    if (quotientOf(over, under, decimals) === price) return `${over} / ${under} = ${price}`
  }
  return isSame(String(Number(a) + Number(b)), String(Number(price) * 2))
    ? `(${a} + ${b}) / 2 = ${price}`
    : null
}

function excerptOf(page: PageOfPrice, { index, figure }: Place): Excerpt {
  const end = index + figure.length
  const decoder = new TextDecoder(encodingOf(page))
  const part = (from: number, to: number) =>
    printable(decoder.decode(page.bytes.subarray(Math.max(0, from), to)))
      // a character that was cut in two
      .replaceAll('\ufffd', '')
      .replace(/\s+/g, ' ')
  return { before: part(index - AROUND_BYTES, index), figure, after: part(end, end + AROUND_BYTES) }
}

/** What the page says of itself, else UTF-8 where it is, else the Chinese encoding, which holds any bytes. */
function encodingOf({ content_type, bytes }: PageOfPrice): string {
  const [, said = ''] = /charset="?([\w-]+)/i.exec(content_type) ?? []
  for (const encoding of [said, 'utf-8']) {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes)
      return encoding
    } catch {}
  }
  return 'gb18030'
}
