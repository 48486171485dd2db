/** One series of a page that cannot be used fails alone (SEMANTICS 3): whatever reads it throws Refused. */
import type { Quote, Refusal } from '../feeds/feed.ts'

export class Refused extends Error {
  override readonly name = 'Refused' as const
}

/** Reads each series; `read` answers its quotes, none for "no price today". Anything but Refused is thrown on. */
export function readEach(names: readonly string[], read: (name: string) => Quote[]) {
  const quotes: Quote[] = []
  const refused: Refusal[] = []
  for (const name of names) {
    try {
      quotes.push(...read(name))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      refused.push({ name, problem: error.message })
    }
  }
  return { quotes, refused }
}
