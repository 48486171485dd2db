/**
 * What a value is beside the values before it: its change over a window, its percentile or z-score in it. A window is cut
 * into slots of equal width that each keep the last value observed in them, so that the state stays small however long the
 * window is and however often prices come. Stretches in which nothing was compared have no slots.
 */
import { round6 } from './round.ts'
import type { WindowSpec } from './spec.ts'

/** Time and value of the last observation in its slot. */
export type Slot = [time: number, value: number]

/** In a window; one more is being filled, and one is kept from before the window. */
export const SLOTS = 240
/** A percentile or z-score of fewer says nothing. */
const FEWEST = 20

/**
 * The measure of a value, rounded; null while the window does not hold enough to say it, and for the z-score of a market
 * that did not move. The slot that the value itself falls into is not part of its past.
 */
export function overWindow(
  spec: WindowSpec,
  slots: readonly Slot[],
  time: number,
  value: number,
): number | null {
  const current = slotOf(spec, time)
  let end = slots.length
  while (end > 0 && slotOf(spec, (slots[end - 1] as Slot)[0]) >= current) end--
  const begin = firstWithin(slots, time - spec.over_ms)
  if (spec.kind === 'change') return begin === 0 ? null : round6(value - (slots[begin - 1] as Slot)[1])
  if (end - begin < FEWEST || (slots[begin] as Slot)[0] > time - spec.over_ms / 2) return null
  return spec.kind === 'percentile' ? percentile(slots, begin, end, value) : zscore(slots, begin, end, value)
}

/** Takes an observation into its slot and forgets what no later one is compared with. */
export function rememberIn(spec: WindowSpec, slots: Slot[], time: number, value: number): void {
  const last = slots[slots.length - 1]
  if (last !== undefined && slotOf(spec, last[0]) === slotOf(spec, time)) slots.pop()
  slots.push([time, value])
  const begin = firstWithin(slots, time - spec.over_ms)
  if (begin > 1) slots.splice(0, begin - 1)
}

/** Slots are counted from the epoch, so where they are cut does not depend on when a rule began to look. */
export function slotOf({ over_ms }: WindowSpec, time: number): number {
  return Math.floor((time * SLOTS) / over_ms)
}

/** Index of the first slot after the instant. */
function firstWithin(slots: readonly Slot[], instant: number): number {
  let i = 0
  while (i < slots.length && (slots[i] as Slot)[0] <= instant) i++
  return i
}

function percentile(slots: readonly Slot[], begin: number, end: number, value: number): number {
  let reached = 0
  for (let i = begin; i < end; i++) if ((slots[i] as Slot)[1] <= value) reached++
  return round6((100 * reached) / (end - begin))
}

/** Over the sample deviation; in whole millionths, so that equal values deviate by nothing at all. */
function zscore(slots: readonly Slot[], begin: number, end: number, value: number): number | null {
  const count = end - begin
  let sum = 0
  for (let i = begin; i < end; i++) sum += millionths((slots[i] as Slot)[1])
  const deviation = (of: number) => count * millionths(of) - sum
  let squares = 0
  for (let i = begin; i < end; i++) squares += deviation((slots[i] as Slot)[1]) ** 2
  return squares === 0 ? null : round6(deviation(value) / Math.sqrt(squares / (count - 1)))
}

function millionths(value: number): number {
  return Math.round(value * 1e6)
}
