const SCALE = 1e6
/** Above this a double has no 6 decimals left to round. */
const LARGEST = 2 ** 52 / SCALE
/** How far from .5 the scaled double of an exact tie can lie: the product's own rounding, 2 ulp. */
const TIE_ULPS = 2 ** -51

/** What is scaled to less than this, and lies no nearer to a tie than CLEAR, is none. */
const EASY = 2 ** 44
const CLEAR = 0.49
/** A double of this size has no room for a fraction: adding it and taking it away rounds, in a third of the time of Math.round. */
const WHOLE = 1.5 * 2 ** 52

/** Half to even at 6 decimals, the scale of every number that the engine hands out. */
export function round6(value: number): number {
  const scaled = value * SCALE
  const nearest = scaled + WHOLE - WHOLE
  const isEasy = Math.abs(scaled - nearest) < CLEAR && Math.abs(scaled) < EASY
  // + because what a call returns is kept in memory unless it is surely a number.
  return isEasy ? nearest / SCALE : +roundTie(value, scaled)
}

function roundTie(value: number, scaled: number): number {
  if (!(Math.abs(value) < LARGEST)) return value
  const nearest = Math.round(scaled)
  const fromTie = Math.abs(Math.abs(scaled - nearest) - 0.5)
  const rounded = fromTie <= Math.abs(scaled) * TIE_ULPS ? 2 * Math.round(scaled / 2) : nearest
  // + 0: never -0
  return (rounded + 0) / SCALE
}

/** The text of a rounded number as it is stored, sent and shown: always six decimals. */
export function text6(value: number): string {
  return value.toFixed(6)
}
