/** A clock that can stand, step and run fast: whoever drives it decides what time it is at the exchanges. */

export interface Clock {
  now(): Date
}

export interface SimulatedClock extends Clock {
  /** simulated seconds in a real one; 0 stands still */
  readonly speed: number
  set(at: Date): void
  step(ms: number): void
  run(speed: number): void
}

/**
 * Shows `at` at first and then runs `speed` times as fast as `real` (epoch ms, normally Date.now). Speed 0 is for
 * driving it step by step.
 */
export function simulatedClock(options: { real: () => number; at: Date; speed?: number }): SimulatedClock {
  let anchor = { real: options.real(), shown: options.at.getTime() }
  let speed = options.speed ?? 0
  const shown = () => anchor.shown + (options.real() - anchor.real) * speed
  const show = (ms: number) => {
    anchor = { real: options.real(), shown: ms }
  }
  return {
    get speed() {
      return speed
    },
    now: () => new Date(shown()),
    set: (at) => show(at.getTime()),
    step: (ms) => show(shown() + ms),
    run: (next) => {
      show(shown())
      speed = next
    },
  }
}
