/**
 * How much of its processor core this process has. On a virtual machine the other thread of the core may belong to somebody
 * else: code that keeps all units of a core busy then takes twice as long, and neither the load nor a chain of dependent
 * steps shows it. Eight chains side by side do (2026-11-22: they correlate with the engine's time by 0.8 to 0.94, one chain
 * by 0.1 and less).
 */
const STEPS = 300_000
const WARM_UP = 1000

export class Core {
  private least = Number.POSITIVE_INFINITY
  /** What is not kept is not computed. */
  private kept = 0

  constructor() {
    for (let i = 0; i < WARM_UP; i++) this.probe()
    this.least = Number.POSITIVE_INFINITY
  }

  /** Milliseconds that the same work takes at this moment, one or two. */
  probe(): number {
    const began = performance.now()
    this.kept ^= eightChains(STEPS)
    const took = performance.now() - began
    this.least = Math.min(this.least, took)
    return took
  }

  /** Of what a probe took: 1 is as much of the core as this process ever had. */
  share(took: number): number {
    return this.least / took
  }
}

function eightChains(steps: number): number {
  let a = 1
  let b = 2
  let c = 3
  let d = 4
  let e = 5
  let f = 6
  let g = 7
  let h = 8
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
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h
}
