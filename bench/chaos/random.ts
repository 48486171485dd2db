/** A seeded source of chance (mulberry32), so that a run can be repeated as far as processes allow it. */
export interface Chance {
  /** in [0, 1) */
  next(): number
  /** from low to high, whole, both included */
  between(low: number, high: number): number
  pick<T>(from: readonly T[]): T
}

export function openChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return { next, between, pick: (from) => from[between(0, from.length - 1)] as (typeof from)[number] }
}
