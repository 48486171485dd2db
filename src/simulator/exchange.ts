/** The contract of `wire/`: one file a source, which speaks exactly as the source does, traps included. */
import type { Price } from './prices.ts'

export interface Asked {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  /** fields of a urlencoded body */
  form: URLSearchParams
}

export interface Reply {
  status: number
  content_type: string
  body: Buffer
}

/** The prices of one feed as they are known now. Names are those within the feed, e.g. `ag-td`. */
export interface View {
  now: number
  latest(name: string): Price | null
  between(name: string, from: number, until: number): Price[]
}

export interface Exchange {
  /** where and when a price that only has a date is made */
  series: Record<string, { zone: string; time: string }>
  paths: readonly string[]
  answer(asked: Asked, view: View): Reply
  /** what the page calls its instruments, and what it calls others: for the fault `wrong-instrument` */
  mislabel: readonly (readonly [string, string])[]
}

export function json(text: string): Reply {
  return { status: 200, content_type: 'application/json;charset=UTF-8', body: Buffer.from(text) }
}

/** Decimal text as a JSON number: exact, without passing through a double. */
export function jsonNumber(price: string): string {
  return price.replace(/^0+(?=\d)/, '')
}

/** Every price that was ever known. */
export function history(view: View, name: string): Price[] {
  return view.between(name, 0, view.now + 1)
}
