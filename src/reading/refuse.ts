/** One series of a page that cannot be used, or one date of it, fails alone: whatever reads it throws Refused. */
import type { Quote, Refusal } from '../feeds/feed.ts'

export class Refused extends Error {
  override readonly name = 'Refused' as const
}

/**
 * Reads each series, or what else has the name of one; `read` answers its quotes, none for "no price today". Anything but
 * Refused is thrown on.
 */
export function readEach<Item>(
  items: readonly Item[],
  read: (item: Item) => Quote[],
  nameOf: (item: Item) => string = String,
) {
  const quotes: Quote[] = []
  const refused: Refusal[] = []
  for (const item of items) {
    try {
      quotes.push(...read(item))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      refused.push({ name: nameOf(item), problem: error.message })
    }
  }
  return { quotes, refused }
}
