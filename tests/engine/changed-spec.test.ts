/** A state outlives its configuration: legs go and rules come between two events. */
import { describe, expect, it } from 'vitest'
import { lastPremium } from '../../src/engine/correction.ts'
import { dumpState, loadState, newState } from '../../src/engine/state.ts'
import {
  clock,
  DAY,
  east,
  HOUR,
  MINUTE,
  plainPair,
  premiumsOf,
  rule,
  tell,
  tick,
  transitionsOf,
  west,
} from './build.ts'

const hourly = rule({ remind_ms: HOUR, levels: [{ for_ms: 0, clear_for_ms: 0 }] })
const both = plainPair({ max_skew_ms: DAY, rules: [hourly] }, { east: [{ max_age_ms: 10 * MINUTE }, {}] })
const first = plainPair({ max_skew_ms: DAY, rules: [hourly, { ...hourly, rule: 'new' }] })

/** Raised on the second east leg. */
const raised = () => tell(both, [west('10:00', 100), tick('east/1', '10:00', 110)]).state

describe('when the leg of the last observation is gone', () => {
  const moved = () => loadState(first, dumpState(both, raised()))

  it('nothing is reminded of, and a rule that is new waits for its first premium', () => {
    expect(transitionsOf(tell(both, [clock('11:00')], raised()))).toEqual(['11:00 reminder 10 warning'])
    expect(tell(first, [clock('11:00')], moved()).transitions).toEqual([])
  })

  it('a correction of the other leg has nothing to correct, and the next observation stands', () => {
    const story = tell(first, [west('10:00', 101, { revision: 2 }), east('10:01', 120)], moved())
    expect(premiumsOf(story)).toEqual(['10:01 observation 19'])
  })
})

it('there is no last premium before anything was compared', () => {
  expect(lastPremium(first, newState(first))).toBeNull()
})

it('a reminder of a measure that the last premium lacks tells the peak', () => {
  const exTax = { ...hourly, measure: 'ex_tax_usd' } as const
  const known = { max_age_ms: 10 * MINUTE, facts: { tax_basis: 'exclusive' } } as const
  const spec = plainPair(
    { max_skew_ms: DAY, rules: [exTax] },
    { east: [known, { facts: { tax_basis: 'unknown' } }] },
  )
  const events = [west('10:00', 100), east('10:00', 107), tick('east/1', '10:20', 120), clock('11:00')]
  expect(transitionsOf(tell(spec, events))).toEqual(['10:00 raised 7 warning', '11:00 reminder 7 warning'])
})
