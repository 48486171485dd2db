import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Premium } from '../../src/engine/model.ts'
import { newRuleState, observe } from '../../src/engine/rules.ts'
import type { RuleSpec } from '../../src/engine/spec.ts'
import type { RuleState } from '../../src/engine/state.ts'
import { newWatches, observeAll, type Watches } from '../../src/engine/watch.ts'
import { MINUTE, rule } from './build.ts'

/** Bounds and values lie on the same few numbers, so that values meet bounds and peaks exactly. */
const holds = fc.constantFrom(0, MINUTE, 3 * MINUTE)
const direction = fc.constantFrom('above' as const, 'below' as const)
const window = fc.option(fc.constant({ kind: 'change' as const, over_ms: 5 * MINUTE }), { freq: 6 })

const rules = fc
  .record({
    direction,
    window,
    levels: fc.array(
      fc.record({ band: fc.integer({ min: 0, max: 3 }), for_ms: holds, clear_for_ms: holds }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    max_gap_ms: fc.constantFrom(null, 2 * MINUTE),
    min_samples: fc.constantFrom(null, 3),
    on_start: fc.constantFrom('raise' as const, 'wait' as const),
    measure: fc.constantFrom('as_quoted_usd' as const, 'ex_tax_usd' as const),
  })
  .map(({ levels, ...rest }): RuleSpec => {
    const sign = rest.direction === 'above' ? 1 : -1
    return rule({
      ...rest,
      levels: levels.map(({ band, for_ms, clear_for_ms }, i) => {
        const raise = sign * (i + 1)
        return { raise, clear: raise - sign * band, for_ms, clear_for_ms }
      }),
    })
  })

const values = fc.array(
  fc.record({
    value: fc.integer({ min: -4, max: 4 }),
    has_basis: fc.boolean(),
    minutes: fc.integer({ min: 1, max: 3 }),
    is_absence: fc.boolean(),
  }),
  { maxLength: 40 },
)

test('a rule that is left out because nothing would change is as it would be had it looked', () => {
  fc.assert(
    fc.property(fc.array(rules, { minLength: 1, maxLength: 4 }), values, (specs, steps) => {
      const watches = newWatches(specs, (spec) => newRuleState(spec, false))
      const looking = specs.map((spec) => newRuleState(spec, false))
      let time = 0
      for (const { value, has_basis, minutes, is_absence } of steps) {
        time += minutes * MINUTE
        const premium = { time, as_quoted_usd: value, ex_tax_usd: has_basis ? value : null } as Premium
        const spell = is_absence ? minutes * MINUTE : 0
        const told = observeAll(watches, premium, minutes * MINUTE, spell) ?? []
        const each = specs.map((spec, i) =>
          observe(spec, looking[i] as RuleState, premium, minutes * MINUTE, spell),
        )
        expect(told).toEqual(each.filter((transition) => transition !== null))
        expect(watches.each.map(({ state }) => state)).toEqual(looking)
      }
    }),
    { numRuns: 400 },
  )
})

test('no rule is asked about a value between its bounds, and while it is raised between clearing and its peak', () => {
  const spec = rule({ levels: [{ raise: 5, clear: 3, for_ms: 0, clear_for_ms: 0 }] })
  const watches = newWatches([spec], (spec) => newRuleState(spec, false))
  expect(quietAfter(watches, 1)).toEqual([
    { measure: 'as_quoted_usd', from: Number.NEGATIVE_INFINITY, until: 5 },
  ])
  expect(quietAfter(watches, 6)).toMatchObject([{ from: 3, until: 6 }])
  expect(quietAfter(watches, 4)).toMatchObject([{ from: 3, until: 6 }])
  expect(quietAfter(watches, 8)).toMatchObject([{ from: 3, until: 8 }])
  expect(quietAfter(watches, 2)).toMatchObject([{ from: Number.NEGATIVE_INFINITY, until: 5 }])
})

test('several rules are asked about no value that is quiet for all of them, in either direction and of each measure', () => {
  const above = rule({ rule: 'above', levels: [{ raise: 5, clear: 3, for_ms: 0, clear_for_ms: 0 }] })
  const below = rule({
    ...{ rule: 'below', direction: 'below' },
    levels: [{ raise: -2, clear: 0, for_ms: 0, clear_for_ms: 0 }],
  })
  const other = rule({
    ...{ rule: 'other', measure: 'ex_tax_usd' },
    levels: [{ raise: 9, clear: 8, for_ms: 0, clear_for_ms: 0 }],
  })
  const watches = newWatches([above, other, below], (spec) => newRuleState(spec, false))
  expect(quietAfter(watches, 1)).toEqual([
    { measure: 'as_quoted_usd', from: -2, until: 5 },
    { measure: 'ex_tax_usd', from: Number.NEGATIVE_INFINITY, until: 9 },
  ])
  expect(quietAfter(watches, -4)).toMatchObject([{ from: -4, until: 0 }, { until: 9 }])
})

/** The common bands after one more observation, whose measures are all the same. */
function quietAfter(watches: Watches, value: number) {
  observeAll(watches, { time: value, as_quoted_usd: value, ex_tax_usd: value } as Premium, MINUTE, 0)
  return watches.quiet
}
