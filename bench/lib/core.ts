/**
 * How much of its processor core this process has. On a virtual machine the other thread of the core may belong to somebody
 * else: code that keeps all units of a core busy then takes twice as long, and neither the load nor a chain of dependent
 * steps shows it. Eight chains side by side do (2026-11-22: they correlate with the engine's time by 0.8 to 0.94, one chain
 * by 0.1 and less).
 */
const STEPS = 300_000

export function openCore() {
  let least = Number.POSITIVE_INFINITY
  /** Milliseconds that the same work takes at this moment, about one. */
  const probe = () => {
    const began = performance.now()
    if (eightChains(STEPS) === 0.5) throw new Error('the sum of whole numbers is a whole number')
    const took = performance.now() - began
    least = Math.min(least, took)
    return took
  }
  for (let i = 0; i < 100; i++) probe()
  return {
    probe,
    /** of what a probe took: 1 is as much of the core as this process ever had */
    share: (took: number) => least / took,
  }
}

function eightChains(steps: number): number {
  let [a, b, c, d, e, f, g, h] = [1, 2, 3, 4, 5, 6, 7, 8]
  for (let i = 0; i < steps; i++) {
    a = (a + i) ^ 3
    b = (b + i) ^ 5
    c = (c + i) ^ 7
    d = (d + i) ^ 9
    e = (e + i) ^ 11
    f = (f + i) ^ 13
    g = (g + i) ^ 15
    h = (h + i) ^ 17
  }
  return a + b + c + d + e + f + g + h
}
