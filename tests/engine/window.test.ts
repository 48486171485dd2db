import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { measured } from '../../src/engine/measured.ts'
import type { Event } from '../../src/engine/model.ts'
import type { RuleSpec, WindowSpec } from '../../src/engine/spec.ts'
import { dumpState, loadState, type RuleState } from '../../src/engine/state.ts'
import { overWindow, rememberIn, SLOTS, type Slot } from '../../src/engine/window.ts'
import {
  at,
  clock,
  DAY,
  east,
  gaps,
  HOUR,
  MINUTE,
  plainPair,
  rate,
  rule,
  silver,
  tell,
  told,
  transitionsOf,
  west,
} from './build.ts'

type Kind = WindowSpec['kind']

/** A slot is half a minute wide. */
const TWO_HOURS = 240 * 30_000

function over(kind: Kind, over_ms: number, differing: Partial<RuleSpec> = {}): RuleSpec {
  return rule({ window: { kind, over_ms }, levels: [{ for_ms: 0, clear_for_ms: 0 }], ...differing })
}

/** What the window says of the last observation. */
function lastOf(kind: Kind, over_ms: number, observed: readonly Slot[]): number | null {
  const slots: Slot[] = []
  for (const [time, value] of observed.slice(0, -1)) rememberIn({ kind, over_ms }, slots, time, value)
  const [time, value] = observed.at(-1) as Slot
  return overWindow({ kind, over_ms }, slots, time, value)
}

const everyMinute = (values: readonly number[]) =>
  values.map((value, i): Slot => [at('10:00') + i * MINUTE, value])
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('the change over a window', () => {
  it('is the value less the last one at or before its beginning', () => {
    expect(lastOf('change', 5 * MINUTE, everyMinute([7, 1, 2, 3, 4, 5, 10.5]))).toBe(9.5)
  })

  it('is not known before the window is that old', () => {
    expect(lastOf('change', 5 * MINUTE, everyMinute([1, 2, 3, 4, 5]))).toBeNull()
    expect(lastOf('change', 5 * MINUTE, everyMinute([1, 2, 3, 4, 5, 6]))).toBe(5)
  })

  it('looks back over a weekend to the last value before it', () => {
    expect(
      lastOf('change', DAY, [
        [at('23 15:00'), 4],
        [at('23 15:30'), 5],
        [at('26 09:00'), 7],
      ]),
    ).toBe(2)
  })

  it('of several values in a slot knows the last', () => {
    const observed: Slot[] = [
      [at('10:00'), 1],
      [at('10:00:10'), 2],
      [at('12:00:40'), 10],
    ]
    expect(lastOf('change', TWO_HOURS, observed)).toBe(8)
  })
})

describe('the percentile in a window', () => {
  test.for([
    [25, 100],
    [12.5, 60],
    [5, 25],
    [0, 0],
  ])('of a value of %d after 1 to 20 is %d', ([value = 0, percent]) => {
    expect(lastOf('percentile', 30 * MINUTE, everyMinute([...upTo(20), value]))).toBe(percent)
  })

  it('is not known of fewer than 20 slots, nor of a window that is not half covered', () => {
    expect(lastOf('percentile', 30 * MINUTE, everyMinute(upTo(20)))).toBeNull()
    expect(lastOf('percentile', 42 * MINUTE, everyMinute(upTo(21)))).toBeNull()
    expect(lastOf('percentile', 40 * MINUTE, everyMinute(upTo(21)))).toBe(100)
  })

  it('forgets what is older than the window', () => {
    expect(lastOf('percentile', 20 * MINUTE, everyMinute([...Array(60).fill(9), ...upTo(20)]))).toBeNull()
    expect(lastOf('percentile', 30 * MINUTE, everyMinute([...Array(60).fill(30), ...upTo(29), 40]))).toBe(100)
  })
})

describe('the z-score in a window', () => {
  it('is the distance from the mean in sample standard deviations', () => {
    const alternating = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 4 : 6))
    expect(lastOf('zscore', 30 * MINUTE, everyMinute([...alternating, 8]))).toBe(2.924038)
    expect(lastOf('zscore', 30 * MINUTE, everyMinute([...alternating, 2]))).toBe(-2.924038)
  })

  it('says nothing of a market that did not move', () => {
    expect(lastOf('zscore', 30 * MINUTE, everyMinute([...Array(20).fill(0.1), 8]))).toBeNull()
  })
})

describe('a rule over history', () => {
  const spec = plainPair({ max_skew_ms: DAY, rules: [over('change', 5 * MINUTE)] })
  const flat = gaps('10:00', 1, 1, 1, 1, 1)

  it('raises and clears on its own measure, and says nothing before it knows it', () => {
    const story = tell(spec, [...gaps('09:55', 90, 1), ...gaps('10:00', 7, 7, 7, 7, 7, 7, 7)])
    expect(transitionsOf(story)).toEqual(['10:01 raised 6 warning', '10:05 cleared 0 warning'])
  })

  it('is reminded of with the value that was observed last', () => {
    const reminding = plainPair({
      max_skew_ms: DAY,
      rules: [over('change', 5 * MINUTE, { remind_ms: HOUR })],
    })
    const story = tell(reminding, [...flat, east('10:05', 107), east('10:06', 108), clock('11:05')])
    expect(transitionsOf(story)).toEqual(['10:05 raised 6 warning', '11:05 reminder 7 warning'])
  })

  it('learns nothing from late ticks and corrections', () => {
    const odd: Event[] = [
      east('10:01', 190, { seen: '10:04', revision: 2 }),
      east('09:58', 150, { seen: '10:04' }),
      east('10:04', 140, { revision: 2 }),
    ]
    const plain = tell(spec, flat)
    const disturbed = tell(spec, [...flat, ...odd])
    expect(slotsOf(disturbed.state.rules)).toEqual(slotsOf(plain.state.rules))
  })

  it('has no slots where nothing was compared', () => {
    const ages = plainPair({ rules: spec.rules }, { east: [{}], west: [{ max_age_ms: 2 * MINUTE }] })
    const story = tell(ages, [...flat, east('10:30', 200), west('10:40', 100), east('10:40', 102)])
    expect(slotsOf(story.state.rules).map(([time]) => told(time))).not.toContain('10:30')
  })

  it('takes no premium into its history that lacks the measure', () => {
    const unknown = silver(
      { rules: [over('change', HOUR, { measure: 'ex_tax_usd' })] },
      { east: { facts: { tax_basis: 'unknown', currency: 'USD', unit: 'oz' } } },
    )
    const { state, premiums } = tell(unknown, [rate('09:59', 7), west('10:00', 100), east('10:00', 101)])
    expect(premiums).toHaveLength(1)
    expect(state.rules['silver-gap']?.slots).toBeUndefined()
  })

  it('knows nothing of a premium when it has observed none', () => {
    const [premium] = tell(spec, flat).premiums
    const fresh = { fingerprint: '', breach: null, up: [null], down: [null], start: null } as RuleState
    expect(measured(over('change', HOUR), fresh, premium as never)).toBeNull()
  })

  it('keeps a small state however long the window is and however often prices come', () => {
    const slots: Slot[] = []
    for (let time = at('10:00'); time < at('10:00') + 60 * DAY; time += MINUTE)
      rememberIn({ kind: 'zscore', over_ms: 30 * DAY }, slots, time, -123.456789)
    expect(slots.length).toBe(SLOTS + 2)
    expect(JSON.stringify(slots).length).toBeLessThan(8000)
  })

  it('goes on after its state was written down and read', () => {
    const { state } = tell(spec, flat)
    expect(slotsOf(state.rules)).toHaveLength(5)
    expect(loadState(spec, dumpState(spec, state)).rules).toEqual(state.rules)
  })
})

describe('any history', () => {
  const observations = fc.array(
    fc.tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
        fc.integer({ min: 0, max: 3 * HOUR }),
      ),
      fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -50, max: 50, noNaN: true })),
    ),
    { minLength: 2, maxLength: 200 },
  )

  it('gives what naive and exact arithmetic over all of it gives', () => {
    fc.assert(
      fc.property(
        observations,
        fc.constantFrom<Kind>('change', 'percentile', 'zscore'),
        fc.constantFrom(100_000, 10 * MINUTE, HOUR, TWO_HOURS),
        (drafts, kind, over_ms) => {
          let time = at('10:00')
          const history = drafts.map(([gap, value]): Slot => {
            time += gap
            return [time, Math.round(value * 1e6) / 1e6]
          })
          const slots: Slot[] = []
          history.forEach(([moment, value], i) => {
            const ours = overWindow({ kind, over_ms }, slots, moment, value)
            const exact = naive(kind, over_ms, history.slice(0, i), moment, value)
            if (exact === null) expect(ours).toBeNull()
            else expect(Math.abs((ours as number) - exact)).toBeLessThanOrEqual(6e-7 * Math.max(1, exact))
            rememberIn({ kind, over_ms }, slots, moment, value)
            expect(slots.length).toBeLessThanOrEqual(SLOTS + 2)
          })
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** Over every observation before, in whole millionths; 8 decimals, not rounded. */
function naive(kind: Kind, over_ms: number, before: readonly Slot[], time: number, value: number) {
  const number = (moment: number) => (BigInt(moment) * BigInt(SLOTS)) / BigInt(over_ms)
  const kept = new Map(before.map((slot) => [number(slot[0]), slot]))
  const past = [...kept].filter(([slot]) => slot < number(time)).map(([, slot]) => slot)
  const exact = (of: number) => BigInt(Math.round(of * 1e6))
  if (kind === 'change') {
    const reference = past.findLast(([moment]) => moment <= time - over_ms)
    return reference === undefined ? null : Number(exact(value) - exact(reference[1])) / 1e6
  }
  const within = past.filter(([moment]) => moment > time - over_ms)
  const count = BigInt(within.length)
  if (count < 20n || (within[0] as Slot)[0] > time - over_ms / 2) return null
  if (kind === 'percentile') {
    const reached = BigInt(within.filter(([, each]) => each <= value).length)
    return Number((reached * 10_000_000_000n) / count) / 1e8
  }
  const sum = within.reduce((all, [, each]) => all + exact(each), 0n)
  const deviation = (of: number) => count * exact(of) - sum
  const squares = within.reduce((all, [, each]) => all + deviation(each) ** 2n, 0n)
  if (squares === 0n) return null
  const size = root((deviation(value) ** 2n * (count - 1n) * 10n ** 16n) / squares)
  return (Number(size) / 1e8) * Math.sign(Number(deviation(value)))
}

/** The whole part of a square root. */
function root(square: bigint): bigint {
  if (square < 2n) return square
  let guess = 1n << BigInt(Math.ceil(square.toString(2).length / 2))
  for (;;) {
    const next = (guess + square / guess) / 2n
    if (next >= guess) return guess
    guess = next
  }
}

function slotsOf(rules: Record<string, RuleState>): Slot[] {
  return Object.values(rules).flatMap(({ slots = [] }) => slots)
}
