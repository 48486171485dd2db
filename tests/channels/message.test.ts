import { expect, test } from 'vitest'
import type { Premium, Tick, Transition } from '../../src/engine/model.ts'
import { type BreachFacts, breachMessage, type TickText } from '../../src/message/breach.ts'
import { breachData } from '../../src/message/data.ts'

const AT = Date.parse('2026-01-29T07:00:46.000Z')
const SEEN = Date.parse('2026-01-29T07:00:48.000Z')

const tick = (tick_id: number, price: number): Tick => ({
  tick_id,
  series: 'x/y',
  at: AT,
  seen_at: SEEN,
  price,
  revision: 1,
  quarantined: null,
})

const premium: Premium = {
  time: AT,
  seen_at: SEEN,
  east: tick(11, 21000),
  west: tick(12, 80),
  fx: tick(13, 7),
  east_usd: 93.31043,
  west_usd: 80,
  as_quoted_usd: 13.31043,
  as_quoted_pct: 16.638038,
  ex_tax_usd: 2.575602,
  ex_tax_pct: 3.219502,
  landed_usd: null,
  landed_pct: null,
  skew_ms: 0,
  standing: 'observation',
  elapsed_ms: null,
  spell_ms: 0,
}

const transition: Transition = {
  rule: 'gap',
  sequence: 1,
  kind: 'raised',
  time: AT,
  severity: 'warning',
  value: 13.31043,
  reason: 'first',
  began_at: AT - 300_000,
  raised_at: AT,
  peak: 13.31043,
  level: 0,
  premium,
}

const text = (tick_id: number, series: string, price: string, rest: Partial<TickText>): TickText => ({
  tick_id,
  series,
  price,
  currency: 'CNY',
  unit: 'kg',
  at: new Date(AT),
  seen_at: new Date(SEEN),
  tax_basis: 'none',
  venue: 'SGE',
  zone: 'Asia/Shanghai',
  ...rest,
})

const facts: BreachFacts = {
  breach_id: '0b5cf3a8-63a4-4d39-a1e2-37a1bb2e8a55',
  transition,
  rule: {
    rule: 'gap',
    measure: 'as_quoted_usd',
    direction: 'above',
    raise: '5.50',
    clear: '5.0',
    levels: [{ severity: 'critical', raise: '8', clear: '7.00', for_ms: 0, clear_for_ms: 0 }],
  },
  pair: { pair: 'silver-live', metal: 'silver', unit: 'oz' },
  evidence: {
    premium,
    east: text(11, 'east/silver', '21000.0', { tax_basis: 'inclusive' }),
    west: text(12, 'west/silver', '80.00', { currency: 'USD', unit: 'oz', zone: 'Europe/London' }),
    fx: text(13, 'rates/usdcny', '7', { unit: null }),
  },
  exposures: [],
}

test('every number stands with the prices behind it, as they were published', () => {
  const { type, timestamp, data } = breachMessage(facts)
  expect({ type, timestamp }).toEqual({ type: 'breach.raised', timestamp: '2026-01-29T07:00:48.000Z' })
  expect(breachData.parse(data)).toEqual(data)
  expect(data).toMatchObject({
    schema_version: 1,
    sequence: 1,
    reason: 'first',
    test: false,
    metal: 'silver',
    measure: 'as_quoted_usd',
    value: '13.310430',
    raise: '5.50',
    clear: '5.0',
    unit: 'USD/oz',
    peak: '13.310430',
    began_at: '2026-01-29T06:55:46.000Z',
    raised_at: '2026-01-29T07:00:46.000Z',
    premium: { as_quoted_usd: '13.310430', ex_tax_pct: '3.219502', landed_usd: null },
    legs: {
      east: { price: '21000.0', tick_id: '11' },
      west: { price: '80.00' },
      fx: { price: '7', unit: null },
    },
  })
  expect(data).not.toHaveProperty('simulated')
})

test('a higher level shows its own bounds, a percentage its own unit', () => {
  const escalated = { ...transition, kind: 'escalated' as const, reason: 'level', level: 1 }
  const { data } = breachMessage({
    ...facts,
    transition: escalated,
    rule: { ...facts.rule, measure: 'ex_tax_pct' },
  })
  expect(data).toMatchObject({ raise: '8', clear: '7.00', unit: '%', premium: { unit: 'USD/oz' } })
})

test('the end of a breach that reached a higher level shows the bounds of the rule: below those it is over', () => {
  const cleared = {
    ...transition,
    kind: 'cleared' as const,
    reason: 'cleared',
    severity: 'critical' as const,
    level: 1,
    value: 4.9,
  }
  const { data } = breachMessage({ ...facts, transition: cleared })
  expect(data).toMatchObject({ severity: 'critical', raise: '5.50', clear: '5.0' })
})

test.for([
  [{ amount: '250000', unit: 'oz' }, '3327607.50'],
  [{ amount: '1', unit: 't' }, '427940.26'],
  [{ amount: '0.5', unit: 'kg' }, '213.97'],
] as const)('an exposure of %o costs %s USD', ([amount, cost_usd]) => {
  const exposure = { exposure: 'paste', metal: 'silver', per: 'year', pair: 'silver-live', ...amount }
  const other = { ...exposure, exposure: 'elsewhere', pair: 'silver-daily' }
  const { data } = breachMessage({ ...facts, exposures: [exposure, other] })
  expect(data.exposures).toEqual([{ name: 'paste', cost_usd, per: 'year' }])
})

test('the landed premium is the cost once the pair says how metal is landed', () => {
  const evidence = { ...facts.evidence, premium: { ...premium, landed_usd: 2 } } as BreachFacts['evidence']
  const exposures = [
    {
      exposure: 'paste',
      metal: 'silver',
      per: 'year',
      pair: 'silver-live',
      amount: '10',
      unit: 'oz' as const,
    },
  ]
  expect(breachMessage({ ...facts, evidence, exposures }).data.exposures[0]?.cost_usd).toBe('20.00')
})

test('a step without prices says so with nulls, at the time of the clock', () => {
  const closed: Transition = {
    ...transition,
    kind: 'cleared',
    reason: 'rule-removed',
    sequence: 2,
    premium: null,
    time: AT + 1000,
  }
  const { timestamp, data } = breachMessage({ ...facts, transition: closed, evidence: null, simulated: true })
  expect(timestamp).toBe('2026-01-29T07:00:47.000Z')
  expect(data).toMatchObject({ premium: null, legs: null, exposures: [], simulated: true })
})
