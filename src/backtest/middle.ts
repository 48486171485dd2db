/** The furthest values of a long series and its middle, in flat memory: from every so-manieth value. */

const MOST = 65_536

export interface Spread {
  low: number
  high: number
  median: number
}

export function openSpread() {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let kept: number[] = []
  let stride = 1
  let seen = 0
  return {
    take(value: number) {
      low = Math.min(low, value)
      high = Math.max(high, value)
      if (seen++ % stride !== 0) return
      kept.push(value)
      if (kept.length < MOST) return
      kept = kept.filter((_, i) => i % 2 === 0)
      stride *= 2
    },
    /** Null where nothing was taken. */
    spread(): Spread | null {
      if (kept.length === 0) return null
      return { low, high, median: kept.toSorted((a, b) => a - b)[kept.length >> 1] as number }
    },
  }
}
