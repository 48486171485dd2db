import { describe, expect, it, test } from 'vitest'
import { nameOf } from '../../src/engine/rules.ts'
import type { RuleSpec } from '../../src/engine/spec.ts'
import { type RuleState, setRule } from '../../src/engine/state.ts'
import {
  at,
  east,
  gaps,
  HOUR,
  MINUTE,
  plainPair,
  rule,
  tell,
  tick,
  told,
  transitionsOf,
  west,
} from './build.ts'

const minutes = (n: number) => n * MINUTE
/** west stands still, so it may lie far behind */
const pairWith = (...rules: RuleSpec[]) => plainPair({ rules, max_skew_ms: 12 * HOUR })

function story(one: RuleSpec, ...values: number[]) {
  return tell(pairWith(one), gaps('10:00', ...values))
}

/** ok, pending, raised, clearing after each observation, as o p R C */
function states(one: RuleSpec, ...values: number[]): string {
  const spec = pairWith(one)
  let told = tell(spec, gaps('10:00', ...values).slice(0, 1))
  return gaps('10:00', ...values)
    .slice(1)
    .map((event) => {
      told = tell(spec, [event], told.state)
      return { ok: 'o', pending: 'p', raised: 'R', clearing: 'C' }[
        nameOf(told.state.rules['silver-gap'] as RuleState)
      ]
    })
    .join('')
}

describe('raising', () => {
  it('raises at the observation at which the hold is met, not a second earlier', () => {
    expect(transitionsOf(story(rule(), 6, 6, 6, 6, 6))).toEqual([])
    expect(transitionsOf(story(rule(), 6, 6, 6, 6, 6, 6.25))).toEqual(['10:05 raised 6.25 warning'])
  })
  it('remembers since when it was pending, when it was raised and how far it went in between', () => {
    const [raised] = story(rule(), 1, 6, 9, 6, 6, 6, 7).transitions
    expect(raised).toMatchObject({ sequence: 1, reason: 'first', value: 7, peak: 9, level: 0 })
    expect([raised?.began_at, raised?.raised_at].map((time) => told(time ?? 0))).toEqual(['10:01', '10:06'])
  })
  it('begins and is raised at once where there is no hold', () => {
    const [raised] = story(rule({ levels: [{ for_ms: 0 }] }), 1, 6).transitions
    expect(raised).toMatchObject({ began_at: at('10:01'), raised_at: at('10:01'), time: at('10:01') })
  })
  it('counts a value at the bound as a breach', () => {
    expect(transitionsOf(story(rule({ levels: [{ for_ms: 0 }] }), 5.499999, 5.5))).toEqual([
      '10:01 raised 5.5 warning',
    ])
  })
  it('starts over after one observation that does not breach, the band included', () => {
    expect(states(rule(), 6, 6, 6, 5.2, 6, 6, 6, 6, 6, 6)).toBe('pppopppppR')
  })
  it('needs two observations for any hold, and as many as min_samples says', () => {
    const hasty = rule({ levels: [{ for_ms: 1 }] })
    expect(states(hasty, 6, 6)).toBe('pR')
    expect(states({ ...hasty, min_samples: 4 }, 6, 6, 6, 6)).toBe('pppR')
    expect(states(rule({ min_samples: 3, levels: [{ for_ms: 0 }] }), 6, 6, 6)).toBe('ppR')
    expect(states(rule({ min_samples: 1, levels: [{ for_ms: minutes(1) }] }), 6, 6)).toBe('pR')
  })
})

describe('clearing', () => {
  const quick = rule({ levels: [{ for_ms: 0, clear_for_ms: minutes(2) }] })
  it('clears when the value has been at or below the lower bound for its hold', () => {
    expect(transitionsOf(story(quick, 6, 5, 4, 3))).toEqual([
      '10:00 raised 6 warning',
      '10:03 cleared 3 warning',
    ])
    expect(states(quick, 6, 5, 4, 3)).toBe('RCCo')
  })
  it('goes back to raised when the value returns to the band or beyond', () => {
    expect(states(quick, 6, 4, 5.2, 4, 4, 6, 4, 4, 4)).toBe('RCRCCRCCo')
  })
  it('changes nothing in the band while raised', () => {
    expect(states(quick, 6, 5.2, 5.4, 5.1)).toBe('RRRR')
  })
  it('numbers its transitions from one in every breach', () => {
    const { transitions } = story(quick, 6, 4, 4, 4, 6, 4, 4, 4)
    expect(transitions.map(({ kind, sequence }) => `${sequence} ${kind}`)).toEqual([
      '1 raised',
      '2 cleared',
      '1 raised',
      '2 cleared',
    ])
    expect(transitions[1]).toMatchObject({ reason: 'cleared', peak: 6, began_at: at('10:00') })
  })
  it('says the peak of the whole breach', () => {
    expect(story(quick, 6, 8.5, 7, 4, 4, 4).transitions.at(-1)).toMatchObject({
      kind: 'cleared',
      value: 4,
      peak: 8.5,
    })
  })
})

describe('the direction below mirrors it', () => {
  const below = rule({
    direction: 'below',
    levels: [{ raise: -5.5, clear: -5, for_ms: 0, clear_for_ms: minutes(1) }],
  })
  it('raises at or under the bound and clears at or over the other', () => {
    expect(states(below, -5.4, -5.5, -5.2, -5, -4)).toBe('oRRCo')
  })
  it('has its peak at the lowest value', () => {
    expect(story(below, -6, -9, -7, 0, 0).transitions.at(-1)).toMatchObject({ kind: 'cleared', peak: -9 })
  })
})

describe('equal bounds (allow_flap)', () => {
  test.for(['above', 'below'] as const)('%s: a value at the bound breaches', (direction) => {
    const flap = rule({ direction, levels: [{ raise: 5, clear: 5, for_ms: 0, clear_for_ms: 0 }] })
    const [in_, out] = direction === 'above' ? [5.1, 4.9] : [4.9, 5.1]
    expect(states(flap, 5, in_, out, 5, out)).toBe('RRoRo')
  })
})

describe('levels', () => {
  const bound = { for_ms: 0, clear_for_ms: 0 }
  const three = (over: object[] = [{}, {}, {}]) =>
    rule({
      levels: [
        { ...bound, severity: 'info', raise: 5, clear: 4, ...over[0] },
        { ...bound, severity: 'warning', raise: 8, clear: 7, ...over[1] },
        { ...bound, severity: 'critical', raise: 11, clear: 10, ...over[2] },
      ],
    })
  it('escalates as it goes and clears with the highest severity that was reached', () => {
    expect(transitionsOf(story(three(), 5, 8, 11, 3))).toEqual([
      '10:00 raised 5 info',
      '10:01 escalated 8 warning',
      '10:02 escalated 11 critical',
      '10:03 cleared 3 critical',
    ])
  })
  it('raises once, at the highest, when it jumps past several', () => {
    expect(transitionsOf(story(three(), 12))).toEqual(['10:00 raised 12 critical'])
  })
  it('raises at the highest whose hold is met, and escalates when the next one is', () => {
    const slow = three([{}, { for_ms: minutes(1) }, { for_ms: minutes(3) }])
    expect(transitionsOf(story(slow, 12, 12, 12, 12))).toEqual([
      '10:00 raised 12 info',
      '10:01 escalated 12 warning',
      '10:03 escalated 12 critical',
    ])
  })
  it('raises at a further level whose hold is shorter, since its own first breach', () => {
    const patient = three([{ for_ms: minutes(9) }, { for_ms: minutes(9) }, {}])
    const [raised] = story(patient, 6, 12).transitions
    expect(raised).toMatchObject({
      kind: 'raised',
      severity: 'critical',
      began_at: at('10:00'),
      raised_at: at('10:01'),
    })
  })
  it('eases through the clear band of the level in force, and may escalate again', () => {
    expect(transitionsOf(story(three(), 11, 10.5, 7.5, 6.9, 8, 3.9))).toEqual([
      '10:00 raised 11 critical',
      '10:02 eased 7.5 warning',
      '10:03 eased 6.9 info',
      '10:04 escalated 8 warning',
      '10:05 cleared 3.9 critical',
    ])
  })
  it('needs the clear hold to ease too, and an observation in the band starts it over', () => {
    const slow = three([{}, { clear_for_ms: minutes(2) }, {}])
    expect(transitionsOf(story(slow, 9, 6, 7.5, 6, 6, 6))).toEqual([
      '10:00 raised 9 warning',
      '10:05 eased 6 info',
    ])
  })
})

describe('an observation without the measure', () => {
  const hold = { for_ms: minutes(3), clear_for_ms: minutes(3) }
  /** the first candidate includes tax (of nothing, so that figures stay round), of the second nobody knows */
  const spec = plainPair(
    { rules: [rule({ measure: 'ex_tax_usd', levels: [hold] })] },
    {
      east: [
        { max_age_ms: 90_000, facts: { tax_basis: 'inclusive' }, vat: [{ from: '2019-04-01', rate: 0 }] },
        { facts: { tax_basis: 'unknown' } },
      ],
    },
  )
  const known = (time: string, gap: number) => [west(time, 100), east(time, 100 + gap)]
  const unknown = (time: string, gap: number) => [west(time, 100), tick('east/1', time, 100 + gap)]
  it('is none of this rule, but its time passes, in pending as in clearing', () => {
    const pending = [
      ...unknown('09:59', 9),
      ...known('10:00', 6),
      ...unknown('10:03', 1),
      ...known('10:04', 6),
    ]
    expect(transitionsOf(tell(spec, pending))).toEqual(['10:04 raised 6 warning'])
    const clearing = [...known('10:05', 4), ...unknown('10:08', 9), ...known('10:09', 4)]
    expect(transitionsOf(tell(spec, [...pending, ...clearing])).at(-1)).toBe('10:09 cleared 4 warning')
  })
  test.for([
    ['as_quoted_usd', 2],
    ['as_quoted_pct', 2],
    ['ex_tax_usd', 2],
    ['ex_tax_pct', 2],
    ['landed_usd', 0],
    ['landed_pct', 0],
  ] as const)('%s is measured where it can be said', ([measure, count]) => {
    const one = rule({ measure, levels: [{ for_ms: 0, clear_for_ms: 0 }] })
    expect(story(one, 6, 4).transitions).toHaveLength(count)
  })
  test.for(['ex_tax_usd', 'ex_tax_pct'] as const)(
    'nobody raises on %s where the tax is unknown',
    (measure) => {
      const unsaid = { ...spec, rules: [rule({ measure, levels: [{ for_ms: 0 }] })] }
      expect(tell(unsaid, unknown('10:00', 9)).transitions).toEqual([])
    },
  )
})

it('a rule that is forgotten begins anew with the next observation', () => {
  const pair = pairWith(rule())
  const { state } = tell(pair, gaps('10:00', 6, 6))
  setRule(state, 'silver-gap', null)
  expect(state.rules).toEqual({})
  tell(pair, gaps('10:02', 6), state)
  expect(state.rules['silver-gap']?.up).toMatchObject([{ since: at('10:02') }])
})

it('holds of two rules run apart', () => {
  const fast = rule({ rule: 'fast', levels: [{ for_ms: 0, clear_for_ms: 0 }] })
  const slow = rule({ rule: 'slow' })
  const { transitions } = tell(pairWith(fast, slow), gaps('10:00', 6, 6, 6, 6, 6, 6, 1))
  expect(transitions.map(({ rule: name, kind, time }) => `${told(time)} ${name} ${kind}`)).toEqual([
    '10:00 fast raised',
    '10:05 slow raised',
    '10:06 fast cleared',
  ])
})
