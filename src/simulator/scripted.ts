/** Prices that a function of the time writes: the same instant always has the same price, so history holds still. */
import type { Price, Prices } from './prices.ts'

export interface Script {
  /** how often a new price is made; a multiple of a second, because the wire formats know no less */
  every_ms: number
  /** what is quoted at an instant that is a multiple of `every_ms` */
  quote(at: number): { price: string; bid?: string; ask?: string }
}

const MINUTE = 60_000
const MOST_REMEMBERED = 10_000

/** `between` gives the last price of each minute, or each one where they are rarer. */
export function scriptedPrices(scripts: Record<string, Script>): Prices {
  const priceAt = (script: Script, instant: number): Price => {
    const at = Math.floor(instant / script.every_ms) * script.every_ms
    return { at, ...script.quote(at) }
  }
  // a day's curve has 1440 of them and is asked for every second
  const remembered = new Map(Object.keys(scripts).map((series) => [series, new Map<number, Price>()]))
  const lastOfMinute = (series: string, script: Script, at: number): Price => {
    const prices = remembered.get(series)
    const known = prices?.get(at)
    if (known) return known
    const price = priceAt(script, at)
    if (prices && prices.size >= MOST_REMEMBERED) prices.clear()
    prices?.set(at, price)
    return price
  }
  return {
    latest(series, now, delay_ms) {
      const script = scripts[series]
      return script ? priceAt(script, now - delay_ms) : null
    },
    between(series, from, until, now, delay_ms) {
      const script = scripts[series]
      if (!script) return []
      const spacing = Math.max(script.every_ms, MINUTE)
      const found: Price[] = []
      for (let start = Math.ceil(from / spacing) * spacing; start < until; start += spacing) {
        if (start > now - delay_ms) break
        const last = spacing === script.every_ms ? start : start + spacing - script.every_ms
        found.push(
          last <= now - delay_ms ? lastOfMinute(series, script, last) : priceAt(script, now - delay_ms),
        )
      }
      return found
    },
  }
}
