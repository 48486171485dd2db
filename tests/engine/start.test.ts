import { describe, expect, it } from 'vitest'
import type { Event, Tick } from '../../src/engine/model.ts'
import { nameOf } from '../../src/engine/rules.ts'
import type { PairSpec, RuleSpec } from '../../src/engine/spec.ts'
import { dumpState, loadState, newState, type RuleState } from '../../src/engine/state.ts'
import { foldCorrecting } from '../../src/replay/correcting.ts'
import { newLedger } from '../../src/replay/ledger.ts'
import {
  at,
  DAY,
  east,
  gaps,
  HOUR,
  plainPair,
  rule,
  type TickEvent,
  type Told,
  tell,
  tick,
  transitionsOf,
  west,
} from './build.ts'

const AT_ONCE = { for_ms: 0, clear_for_ms: 0 }
const TWO = [
  { ...AT_ONCE, raise: 5, clear: 4 },
  { ...AT_ONCE, severity: 'critical' as const, raise: 8, clear: 7 },
]

/** One poll. */
function page(...ticks: TickEvent[]): Event {
  const all = ticks.map(({ tick }) => tick) as Tick[]
  return { is: 'ticks', seen_at: Math.max(...all.map((tick) => tick.seen_at)), ticks: all }
}

describe('the first page of a pair that is compared by date', () => {
  const pairWith = (...rules: RuleSpec[]) =>
    plainPair({ align: 'date', rules }, { east: [{ max_age_ms: 9 * DAY }], west: [{ max_age_ms: 9 * DAY }] })
  /** A gap for each date from the 20th on, all seen on the evening of the 28th. */
  const history = (...values: number[]): Event[] => [
    page(...values.map((value, i) => east(`${20 + i} 07:00`, 100 + value, { seen: '18:00' }))),
    page(...values.map((_, i) => west(`${20 + i} 12:00`, 100, { seen: '18:01' }))),
  ]
  const AFTER = [east('29 07:00', 103, { seen: '29 18:00' }), west('29 12:00', 100, { seen: '29 18:01' })]
  const one = (differing: Parameters<typeof rule>[0] = {}) => rule({ levels: TWO, ...differing })

  it('tells nothing of breaches that were over before it came', () => {
    const { transitions, premiums } = tell(pairWith(one()), history(1, 6, 9, 1, 6, 6, 6, 3, 2))
    expect(transitions).toEqual([])
    expect(premiums.map(({ standing }) => standing)).toEqual(Array(9).fill('observation'))
  })

  it('tells what is still raised once, as it is today, and since when', () => {
    const story = tell(pairWith(one()), [...history(1, 6, 1, 6, 9, 7.5, 6, 10, 8.5), ...AFTER])
    expect(transitionsOf(story)).toEqual(
      ['28 12:00 raised 8.5 critical', '29 12:00 cleared 3 critical'].map(short),
    )
    expect(story.transitions[0]).toMatchObject({
      ...{ sequence: 1, reason: 'on-start', peak: 10 },
      ...{ began_at: at('23 12:00'), raised_at: at('23 12:00'), premium: { time: at('12:00') } },
    })
    expect(story.transitions[1]).toMatchObject({ sequence: 2 })
  })

  it('raises as ever what began on its last date, and what a hold over its dates makes', () => {
    expect(tell(pairWith(one()), history(1, 9, 1, 1, 1, 1, 1, 1, 6)).transitions).toMatchObject([
      { kind: 'raised', reason: 'first', severity: 'warning', sequence: 1 },
    ])
    const slow = one({ levels: [{ raise: 5, clear: 4, for_ms: 2 * DAY, clear_for_ms: 0 }] })
    const held = history(9, 9, 9, 1, 1, 1, 6, 6, 6)
    expect(tell(pairWith(slow), held).transitions).toMatchObject([
      { reason: 'first', began_at: at('26 12:00') },
    ])
    const [pending] = [tell(pairWith(slow), history(9, 9, 9, 1, 1, 1, 1, 6, 6)).state.rules['silver-gap']]
    expect([nameOf(pending as RuleState), pending?.up[0]?.samples]).toEqual(['pending', 2])
  })

  it('with on_start wait tells a level that is beyond its bound today only once the value was back', () => {
    const waiting = one({ on_start: 'wait' })
    const next = (...values: number[]) =>
      values.flatMap((value, i) => [
        east(`${29 + i} 07:00`, 100 + value, { seen: `${29 + i} 18:00` }),
        west(`${29 + i} 12:00`, 100, { seen: `${29 + i} 18:01` }),
      ])
    const found = (...values: number[]) =>
      transitionsOf(tell(pairWith(waiting), [...history(1, 9, 1, 1, 1, 1, 1, 6, 6), ...next(...values)]))
    expect(found(6, 3, 6)).toEqual(['31 12:00 raised 6 warning'])
    expect(found(6, 9)).toEqual(['30 12:00 raised 9 critical'])
    const banded = [...history(1, 9, 1, 1, 1, 1, 1, 6, 4.5), ...next(6)]
    expect(transitionsOf(tell(pairWith(waiting), banded))).toEqual(['29 12:00 raised 6 warning'])
  })

  it('is the first of a rule that is new, too, and of no other', () => {
    const old = one({ rule: 'old' })
    const known = tell(pairWith(old), history(1, 1, 1, 1, 1)).state
    const later = history(1, 1, 1, 1, 1, 6, 9, 1, 6)
    const { transitions } = tell(pairWith(old, one()), later, known)
    expect(transitions.map(({ rule: name, kind, reason }) => `${name} ${kind} ${reason}`)).toEqual([
      'old raised first',
      'old escalated level',
      'old cleared cleared',
      'old raised first',
      'silver-gap raised first',
    ])
  })

  it('of which the last lacks the measure tells the furthest value, and with on_start wait waits with every level', () => {
    const rules = [
      one({ measure: 'ex_tax_usd' }),
      one({ rule: 'waits', measure: 'ex_tax_usd', on_start: 'wait' }),
    ]
    const spec = plainPair(
      { align: 'date', rules },
      {
        east: [
          { max_age_ms: 9 * DAY, facts: { tax_basis: 'inclusive' }, vat: [{ from: '2019-04-01', rate: 0 }] },
          { max_age_ms: 9 * DAY, facts: { tax_basis: 'unknown' } },
        ],
        west: [{ max_age_ms: 9 * DAY }],
      },
    )
    const [easts, wests] = history(1, 6, 7, 6, 6, 6, 6, 6, 6) as [Event & { is: 'ticks' }, Event]
    const all = easts.ticks.slice(0, -1)
    const last = tick('east/1', '28 07:00', 106, { seen: '18:00' }).tick
    const story = tell(spec, [{ ...easts, ticks: [...all, last] }, wests])
    expect(transitionsOf(story)).toEqual(['12:00 raised 7 warning'])
    expect(story.state.rules['waits']).toMatchObject({ breach: null, start: 'new', waits: 2 })
  })

  it('fills the window of a rule that waits', () => {
    const moves = one({
      on_start: 'wait',
      window: { kind: 'change', over_ms: 2 * DAY },
      levels: [TWO[0] as object],
    })
    const { state, transitions } = tell(pairWith(moves), history(1, 9, 1, 1, 1, 1, 1, 1, 9))
    expect(transitions).toEqual([])
    expect(state.rules['silver-gap']?.slots?.at(-1)).toEqual([at('12:00'), 9])
    expect(state.rules['silver-gap']).toMatchObject({ start: 'new', waits: 1 })
  })

  it('may be corrected: what it raised is folded again from where it began', () => {
    const spec = pairWith(one())
    const ledger = newLedger()
    let state = newState(spec)
    const told: string[] = []
    const correction = page(east('27 07:00', 101, { seen: '19:00', revision: 2 }))
    for (const event of [...history(1, 6, 1, 6, 6, 6, 6, 6.5, 4.5), correction])
      state = foldCorrecting(spec, state, event, ledger, ({ transitions }) => {
        told.push(...transitions.map(({ kind, value, silent }) => `${kind} ${value} ${silent ?? ''}`))
      })
    expect(told).toEqual(['raised 4.5 ', 'cleared 1 '])
  })
})

const short = (text: string) => text.replace('28 ', '')

describe('on_start: wait with several levels', () => {
  const spec = plainPair({ rules: [rule({ levels: TWO, on_start: 'wait' })], max_skew_ms: DAY })
  const found = (...values: number[]) => transitionsOf(tell(spec, gaps('10:00', ...values)))

  it('waits for those that are breached when it begins, and tells one that is reached later', () => {
    expect(found(6, 6, 9, 6, 3)).toEqual([
      '10:02 raised 9 critical',
      '10:03 eased 6 warning',
      '10:04 cleared 3 critical',
    ])
  })
  it('waits with a level until the value was on this side of its bound once', () => {
    expect(found(9, 10, 9, 6, 9)).toEqual(['10:04 raised 9 critical'])
    expect(found(9, 4.5, 6)).toEqual(['10:02 raised 6 warning'])
    expect(found(9, 6, 3, 6, 3, 6)).toEqual([
      '10:03 raised 6 warning',
      '10:04 cleared 3 warning',
      '10:05 raised 6 warning',
    ])
  })
  it('waits no more for what lies below a level that was raised', () => {
    const slow = [{ ...TWO[0], clear_for_ms: HOUR }, { ...TWO[1] }, { ...AT_ONCE, raise: 11, clear: 10 }]
    const three = plainPair({ rules: [rule({ levels: slow, on_start: 'wait' })], max_skew_ms: DAY })
    expect(transitionsOf(tell(three, gaps('10:00', 9, 12, 3, 9)))).toEqual([
      '10:01 raised 12 warning',
      '10:02 eased 3 warning',
      '10:03 escalated 9 critical',
    ])
  })
  it('keeps the hold of a level that is reached later to itself, across restarts', () => {
    const slow = TWO.map((level) => ({ ...level, for_ms: HOUR / 30 }))
    const pair = plainPair({ rules: [rule({ levels: slow, on_start: 'wait' })], max_skew_ms: DAY })
    const story: Told = { state: newState(pair), premiums: [], transitions: [], changes: [], steps: [] }
    const names: string[] = []
    for (const event of gaps('10:00', 6, 9, 9, 9, 9)) {
      const { state, transitions } = tell(pair, [event], loadState(pair, dumpState(pair, story.state)))
      story.state = state
      story.transitions.push(...transitions)
      if (state.rules['silver-gap'] !== undefined) names.push(nameOf(state.rules['silver-gap']))
    }
    expect(names).toEqual(['ok', 'pending', 'pending', 'raised', 'raised'])
    expect(story.transitions).toMatchObject([
      { severity: 'critical', began_at: at('10:01'), raised_at: at('10:03') },
    ])
  })
  it('is folded again by a correction as it was told', () => {
    const ledger = newLedger()
    const quick = plainPair({
      rules: [rule({ levels: [TWO[0] as object, { ...TWO[1], for_ms: HOUR / 60 }], on_start: 'wait' })],
      max_skew_ms: DAY,
    }) as PairSpec
    let state = newState(quick)
    const told: string[] = []
    const events = [...gaps('10:00', 6, 9, 9), east('10:02', 109.5, { seen: '10:03', revision: 2 })]
    for (const event of events)
      state = foldCorrecting(quick, state, event, ledger, ({ transitions }) => {
        told.push(
          ...transitions.map(
            ({ kind, value, silent, raised_at }) => `${kind} ${value} ${silent} ${raised_at === at('10:02')}`,
          ),
        )
      })
    expect(told).toEqual(['raised 9 undefined true', 'changed 9.5 true true'])
  })
})

describe('a level that is being reached when the pair ceases to be comparable', () => {
  it('is held anew after more than max_gap: nobody saw whether it stayed', () => {
    const levels = [TWO[0] as object, { ...TWO[1], for_ms: HOUR }]
    const spec = plainPair(
      { rules: [rule({ levels, max_gap_ms: HOUR })], max_skew_ms: DAY },
      { east: [{ max_age_ms: HOUR }], west: [{ max_age_ms: DAY }] },
    )
    const story = tell(spec, [
      ...gaps('10:00', 6),
      east('10:01', 109),
      east('13:00', 109),
      east('14:00', 109),
    ])
    expect(transitionsOf(story)).toEqual(['10:00 raised 6 warning', '14:00 escalated 9 critical'])
  })
})

describe('reminders by severity', () => {
  const levels = [TWO[0] as object, { ...TWO[1], remind_ms: HOUR }]
  const spec = (remind_ms: number | null) =>
    plainPair({ rules: [rule({ levels, remind_ms })], max_skew_ms: DAY })
  const clocks = (...times: string[]): Event[] => times.map((time) => ({ is: 'clock', at: at(time) }))

  it('come as often as the level in force says, and where it says nothing as the rule does', () => {
    const story = [
      ...gaps('10:00', 9),
      ...clocks('11:00', '12:00'),
      east('12:30', 106),
      ...clocks('13:00', '16:00', '20:00'),
    ]
    expect(transitionsOf(tell(spec(4 * HOUR), story))).toEqual([
      '10:00 raised 9 critical',
      '11:00 reminder 9 critical',
      '12:00 reminder 9 critical',
      '12:30 eased 6 warning',
      '16:00 reminder 6 warning',
      '20:00 reminder 6 warning',
    ])
    expect(transitionsOf(tell(spec(null), story)).slice(3)).toEqual(['12:30 eased 6 warning'])
  })
})

it('a pair of dates is the same wherever it is restarted', () => {
  const spec = plainPair(
    { align: 'date', rules: [rule({ levels: TWO }), rule({ rule: 'wait', levels: TWO, on_start: 'wait' })] },
    { east: [{ max_age_ms: 4 * DAY }], west: [{ max_age_ms: 4 * DAY }] },
  )
  const dates = [20, 21, 22, 23, 24]
  const events: Event[] = [
    page(...dates.map((date) => east(`${date} 07:00`, 100 + (date % 3) * 4, { seen: '18:00' }))),
    page(...dates.map((date) => west(`${date} 12:00`, 100, { seen: '18:01' }))),
    ...[25, 26, 27, 28].flatMap((date) => [
      east(`${date} 07:00`, 100 + (date % 4) * 3, { seen: '19:00' }),
      west(`${date} 12:00`, 100, { seen: '19:00' }),
    ]),
  ]
  const whole = tell(spec, events)
  let state = newState(spec)
  const transitions: unknown[] = []
  for (const event of events) {
    const step = tell(spec, [event], loadState(spec, dumpState(spec, state)))
    state = step.state
    transitions.push(...step.transitions)
  }
  expect(transitions).toEqual(whole.transitions)
  expect(dumpState(spec, state)).toBe(dumpState(spec, whole.state))
})
