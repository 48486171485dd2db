/** What a figure was measured on: ratios travel from machine to machine, milliseconds do not. */
import { availableParallelism, cpus, loadavg, platform } from 'node:os'

/** Call it when the run begins; `load` is the mean over the minute before, and again when the result is made. */
export function openMachine() {
  const before = loadavg()[0] ?? 0
  const date = new Date().toISOString()
  return () => ({
    date,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    platform: platform(),
    node: process.version,
    load_before: round(before),
    load_after: round(loadavg()[0] ?? 0),
  })
}

export interface Spread {
  p50: number
  p95: number
}

/** Nearest rank. */
export function spread(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)
  return { p50: at(0.5), p95: at(0.95) }
}

export function ratioOf(ours: Spread, floor: Spread): Spread {
  return { p50: round(ours.p50 / floor.p50), p95: round(ours.p95 / floor.p95) }
}

export function round(figure: number): number {
  return Math.round(figure * 100) / 100
}
