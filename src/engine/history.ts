/** The recent ticks of one series in order of `at`: what stepping back and the rate at a moment need, and no more. */
import type { Tick } from './model.ts'

export type History = Tick[]

export function latest(history: History): Tick | undefined {
  // an index of -1, were it ever asked for, would make every look into any history slow
  return history.length === 0 ? undefined : history[history.length - 1]
}

/** The last tick at or before the instant. */
export function atOrBefore(history: History, instant: number): Tick | undefined {
  for (let i = history.length - 1; i >= 0; i--) {
    const tick = history[i] as Tick
    if (tick.at <= instant) return tick
  }
  return undefined
}

/** The first tick after the instant. */
export function firstAfter(history: History, instant: number): Tick | undefined {
  return history.find((tick) => tick.at > instant)
}

/** Puts a tick in its place, where a later revision replaces an earlier one. False when the tick is no news. */
export function insert(history: History, tick: Tick): boolean {
  const last = latest(history)
  if (last !== undefined && last.at >= tick.at) return insertBefore(history, tick)
  history.push(tick)
  return true
}

function insertBefore(history: History, tick: Tick): boolean {
  let i = history.length
  while (i > 0 && (history[i - 1] as Tick).at > tick.at) i--
  const before = i === 0 ? undefined : history[i - 1]
  if (before?.at === tick.at) {
    if (before.revision >= tick.revision) return false
    history[i - 1] = tick
  } else history.splice(i, 0, tick)
  return true
}

/** The history without what is before the last tick at or before `cutoff`. */
export function since(history: History, cutoff: number): History {
  let keep = 0
  while (keep + 1 < history.length && (history[keep + 1] as Tick).at <= cutoff) keep++
  return keep === 0 ? history : history.slice(keep)
}
