import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  judge,
  NO_MEMORY,
  type Opinions,
  type SeriesMemory,
  type Verdict,
} from '../../src/engine/plausibility.ts'
import { looksLikeUnitMistake } from '../../src/engine/units.ts'
import { at, facts, MINUTE } from './build.ts'

const series = facts('sina/xag')
const NOBODY: Opinions = { others: [], objection: null, vouched: false }

/** Polls a series once a minute, on top of a good price of 30; answers with every verdict. */
function polls(
  prices: (number | [price: number, Partial<Opinions>])[],
  memory: SeriesMemory = good(30),
): Verdict[] {
  let known = memory
  return prices.map((poll, i) => {
    const [price, opinions] = Array.isArray(poll) ? poll : [poll, {}]
    const time = at('10:00') + i * MINUTE
    const verdict = judge(series, known, price, time, time, { ...NOBODY, ...opinions })
    known = verdict.memory
    return verdict
  })
}
const good = (price: number): SeriesMemory => ({ good: { at: at('09:59'), price }, candidate: null })
const accepted = (verdicts: Verdict[]) =>
  verdicts.map(({ quarantined }) => (quarantined === null ? 'y' : 'n')).join('')

describe('a move', () => {
  it('of as much as is allowed is believed, of more it is not', () => {
    expect(accepted(polls([36]))).toBe('y')
    expect(accepted(polls([24]))).toBe('y')
    expect(polls([36.01])[0]?.quarantined).toBe('moved 20.0 % from 30, 20 % allowed')
    expect(polls([23.9])[0]?.quarantined).toBe('moved -20.3 % from 30, 20 % allowed')
  })
  it('is believed at the third poll in a row within 2 % of the first', () => {
    const verdicts = polls([40, 40.8, 39.2, 40])
    expect(accepted(verdicts)).toBe('nnyy')
    expect(verdicts.at(2)?.memory).toEqual({ good: { at: at('10:02'), price: 39.2 }, candidate: null })
  })
  it('is counted anew when the polls differ by more, even if each is near the one before', () => {
    expect(accepted(polls([40, 40.7, 41.3, 41.3, 41.3]))).toBe('nnnny')
  })
  it('is forgotten when the old price returns in between', () => {
    expect(accepted(polls([40, 40, 30, 40, 40, 40]))).toBe('nnynny')
  })
  it('is believed at once when another source of the instrument agrees, and not when it differs', () => {
    expect(accepted(polls([[40, { others: [35, 40.5] }]]))).toBe('y')
    expect(accepted(polls([[40, { others: [41] }]]))).toBe('n')
  })
  it('of a first price is nothing to be judged', () => {
    expect(accepted(polls([40], NO_MEMORY))).toBe('y')
  })
})

describe('a mistaken unit', () => {
  test.for([1000, 100, 10, 31.1035, 32.1507, 453.592, 2.20462, 28.3495])(
    '%d times is never believed by repetition',
    (factor) => {
      for (const scaled of [30 * factor, 30 / factor, 30 * factor * 1.025, (30 / factor) * 0.975])
        expect(accepted(polls([scaled, scaled, scaled, scaled, scaled, scaled]))).toBe('nnnnnn')
    },
  )
  it('says what it looks like', () => {
    expect(polls([933])[0]?.quarantined).toBe(
      'moved 3010.0 % from 30, 20 % allowed; 31.10 times looks like a mistaken unit',
    )
  })
  it('is believed when another source says the same', () => {
    expect(accepted(polls([300, 300, 300, [300, { others: [301] }]]))).toBe('nnny')
  })
  it('is believed when a pair that never had a premium now has a believable one', () => {
    expect(accepted(polls([[300, { vouched: true }]]))).toBe('y')
  })
  it('ends three per cent beside the factor', () => {
    expect([9.69, 9.71, 10.29, 10.31].map(looksLikeUnitMistake)).toEqual([false, true, true, false])
  })
  it('stays one while the price moves on, however far from the last good price it gets', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1000, 100, 10, 31.1035, 32.1507, 453.592, 28.3495, 1 / 1000, 1 / 31.1035, 1 / 10),
        fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 10, maxLength: 300 }),
        (factor, moves) => {
          let price = 30
          const path = moves.map((move) => {
            price *= 1 + move
            return price * factor
          })
          expect(accepted(polls([30 * factor, ...path]))).not.toContain('y')
        },
      ),
    )
  })
  it('is over when the price leaves it by a jump: that is another story', () => {
    expect(accepted(polls([300, 300, 40, 40, 40]))).toBe('nnnny')
  })
})

describe('a time in the future', () => {
  const ahead = (ms: number, memory = good(30)) =>
    judge(series, memory, 30, at('10:00') + ms, at('10:00'), NOBODY)
  it('is allowed up to two minutes: clocks differ', () => {
    expect(ahead(2 * MINUTE).quarantined).toBeNull()
    expect(ahead(5 * MINUTE).quarantined).toBe('is from the future: 5 min ahead of us, 2 allowed')
  })
  it('is never healed by repetition, and breaks a row of polls', () => {
    expect(ahead(5 * MINUTE, ahead(5 * MINUTE).memory).quarantined).not.toBeNull()
    const [, second] = polls([40, 40])
    expect(ahead(5 * MINUTE, second?.memory).memory.candidate).toBeNull()
  })
})

describe('what a pair objects to', () => {
  const objecting = { objection: 'makes the premium implausible: 250.00 %, -50 to 100 % allowed' }
  it('is not believed, first price or not, and repetition does not help', () => {
    expect(
      accepted(
        polls([
          [30, objecting],
          [30, objecting],
          [30, objecting],
        ]),
      ),
    ).toBe('nnn')
    expect(polls([[30, objecting]], NO_MEMORY)[0]).toEqual({
      quarantined: objecting.objection,
      memory: NO_MEMORY,
    })
    expect(
      polls([
        [40, objecting],
        [40, objecting],
        [40, objecting],
      ]).at(-1)?.quarantined,
    ).toBe(objecting.objection)
  })
  it('is believed when the objection falls and its polls were in a row', () => {
    expect(accepted(polls([[40, objecting], [40, objecting], [40, objecting], 40]))).toBe('nnny')
  })
})

it('an older price than the last good one is believed but not remembered', () => {
  expect(judge(series, good(30), 31, at('09:00'), at('10:00'), NOBODY).memory.good).toEqual({
    at: at('09:59'),
    price: 30,
  })
})
