import { describe, expect, test } from 'vitest'
import { simulatedClock } from '../../src/simulator/clock.ts'

function driven(speed: number) {
  const world = { real: 1_000_000 }
  const at = new Date('2014-01-02T00:00:00Z')
  return { world, clock: simulatedClock({ real: () => world.real, at, speed }) }
}

describe('a simulated clock', () => {
  test('stands still at speed 0 until it is stepped', () => {
    const { world, clock } = driven(0)
    world.real += 60_000
    expect(clock.now().toISOString()).toBe('2014-01-02T00:00:00.000Z')
    clock.step(24 * 3_600_000)
    expect(clock.now().toISOString()).toBe('2014-01-03T00:00:00.000Z')
  })

  test('shows an hour after a real second at speed 3600', () => {
    const { world, clock } = driven(3600)
    world.real += 1000
    expect(clock.now().toISOString()).toBe('2014-01-02T01:00:00.000Z')
  })

  test('does not jump when its speed changes', () => {
    const { world, clock } = driven(60)
    world.real += 1000
    clock.run(0)
    world.real += 1000
    clock.run(1)
    world.real += 1000
    expect(clock.now().toISOString()).toBe('2014-01-02T00:01:01.000Z')
  })

  test('goes on from where it is set', () => {
    const { world, clock } = driven(2)
    clock.set(new Date('2018-12-31T00:00:00Z'))
    world.real += 1000
    expect(clock.now().toISOString()).toBe('2018-12-31T00:00:02.000Z')
  })
})
