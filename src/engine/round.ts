const SCALE = 1e6
/** Above this a double has no 6 decimals left to round. */
const LARGEST = 2 ** 52 / SCALE
/** How far from .5 the scaled double of an exact tie can lie: the product's own rounding, 2 ulp. */
const TIE_ULPS = 2 ** -51

/** Half to even at 6 decimals, the scale of every number that the engine hands out (SEMANTICS 14). */
export function round6(value: number): number {
  if (!(Math.abs(value) < LARGEST)) return value
  const scaled = value * SCALE
  const nearest = Math.round(scaled)
  const fromTie = Math.abs(Math.abs(scaled - nearest) - 0.5)
  const rounded = fromTie <= Math.abs(scaled) * TIE_ULPS ? 2 * Math.round(scaled / 2) : nearest
  return (rounded + 0) / SCALE // + 0: never -0
}

/** The text of a rounded number as it is stored, sent and shown: always six decimals. */
export function text6(value: number): string {
  return value.toFixed(6)
}
