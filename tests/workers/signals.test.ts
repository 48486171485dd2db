import { afterEach, expect, test, vi } from 'vitest'
import { listenForSignals } from '../../workers/signals.ts'

afterEach(() => vi.restoreAllMocks())

/** A process that has heard SIGINT, and how it ends where it hears it again so many milliseconds later. */
function heardTwice(ms: number) {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as typeof process.exit)
  const clock = vi.spyOn(performance, 'now').mockReturnValue(5_000)
  using signals = listenForSignals()
  const hear = process.listeners('SIGINT').at(-1)
  hear?.('SIGINT')
  clock.mockReturnValue(5_000 + ms)
  hear?.('SIGINT')
  return { first: signals.first, exits: exit.mock.calls }
}

test.for([0, 1_000])(
  'the same signal again within a second is one, as npm hands it on (%i ms)',
  async (ms) => {
    const { first, exits } = heardTwice(ms)
    expect(await first).toBe('SIGINT')
    expect(exits).toEqual([])
  },
)

test('another one more than a second later ends the process at once', () => {
  expect(heardTwice(1_001).exits).toEqual([[130]])
})
