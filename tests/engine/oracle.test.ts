/**
 * Prometheus' rule states (promtool 2.42, `premium > 3`, one evaluation a minute) beside ours. P pending, F firing, which
 * is raised or clearing here, . inactive. `keep_firing_for` corresponds to `clear_for`, a missing sample to no tick.
 */
import { describe, expect, test } from 'vitest'
import { nameOf } from '../../src/engine/rules.ts'
import type { RuleSpec } from '../../src/engine/spec.ts'
import type { RuleState } from '../../src/engine/state.ts'
import { at, clock, east, HOUR, MINUTE, plainPair, rule, tell, told, west } from './build.ts'

type Samples = (number | null)[]
interface Row {
  name: string
  values: Samples
  for_ms?: number
  keep_ms?: number
  prometheus: string
}

const _ = null
const min = MINUTE

describe('the same states as Prometheus', () => {
  test.for<Row>([
    {
      name: 'a hold is met at its boundary (>=)',
      values: Array(8).fill(5),
      for_ms: 3 * min,
      prometheus: 'PPPFFFFF',
    },
    { name: 'without a hold it fires at once', values: [1, 5, 1, 5], prometheus: '.F.F' },
    {
      name: 'one good sample resets the hold',
      values: [5, 5, 1, 5, 5, 5, 5, 5],
      for_ms: 2 * min,
      prometheus: 'PP.PPFFF',
    },
    {
      name: 'pending is never kept',
      values: [5, 1, 1, 1],
      for_ms: min,
      keep_ms: 2 * min,
      prometheus: 'P...',
    },
    { name: 'a value at the bound is none (strict >)', values: [3, 3, 3.000001, 3], prometheus: '..F.' },
    { name: 'no hysteresis with equal bounds', values: [5, 2.9, 5, 2.9, 5, 2.9], prometheus: 'F.F.F.' },
  ])('$name', (row) => {
    expect(ours(row)).toBe(row.prometheus)
  })
})

describe('another state than Prometheus, on purpose', () => {
  test.for<Row & { ours: string; why: string }>([
    {
      name: 'keep_firing_for basic',
      values: [5, 5, 1, 1, 1, 1, 1],
      for_ms: min,
      keep_ms: 2 * min,
      prometheus: 'PFFF...',
      ours: 'PFFF...',
      why: 'no difference: both count from the first good sample, and neither clears before the hold is met',
    },
    {
      name: 'keep reset by re-breach',
      values: [5, 5, 1, 5, 1, 1, 1, 1],
      for_ms: min,
      keep_ms: 2 * min,
      prometheus: 'PFFFFF..',
      ours: 'PFFFFF..',
      why: 'no difference',
    },
    {
      name: 'missing samples',
      values: [5, 5, _, _, _, _, _, _, _, _],
      for_ms: min,
      prometheus: 'PFFFFFF...',
      ours: 'PFFFFFFFFF',
      why: 'time alone clears nothing: what nobody observes stays raised, and the feed is reported instead',
    },
    {
      name: 'a stale marker',
      values: [5, 5, _, _, _, _],
      for_ms: min,
      prometheus: 'PF....',
      ours: 'PFFFFF',
      why: 'the end of a series is no good sample',
    },
    {
      name: 'a stale marker with keep_firing_for',
      values: [5, 5, _, _, _, _, _],
      for_ms: min,
      keep_ms: 3 * min,
      prometheus: 'PFFFF..',
      ours: 'PFFFFFF',
      why: 'neither is it the first of a clearing: a spell that is not comparable freezes every hold',
    },
    {
      name: 'NaN',
      values: [5, 5, Number.NaN, Number.NaN, 5],
      for_ms: min,
      prometheus: 'PF..PF'.slice(0, 5),
      ours: 'PFFFF',
      why: 'a price that is no number is refused by its feed and never becomes a tick',
    },
  ])('$name: $why', (row) => {
    expect(ours(row)).toBe(row.ours)
  })
})

/** `> 3` in six decimals; no band, so that what does not breach is clear. */
function equivalent({ for_ms = 0, keep_ms = 0 }: Row): RuleSpec {
  return rule({ levels: [{ raise: 3.000001, clear: 3.000001, for_ms, clear_for_ms: keep_ms }] })
}

function ours(row: Row): string {
  const spec = plainPair(
    { rules: [equivalent(row)], max_skew_ms: 12 * HOUR },
    { east: [{ max_age_ms: 5 * MINUTE }] },
  )
  let story = tell(spec, [west('10:00', 100)])
  return row.values
    .map((value, i) => {
      const time = told(at('10:00') + i * MINUTE)
      const isMissing = value === null || Number.isNaN(value)
      story = tell(spec, [isMissing ? clock(time) : east(time, 100 + value)], story.state)
      return { ok: '.', pending: 'P', raised: 'F', clearing: 'F' }[
        nameOf(story.state.rules['silver-gap'] as RuleState)
      ]
    })
    .join('')
}
