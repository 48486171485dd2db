/** The state machine beside SEMANTICS 18 to 26 as they are written: worked out from the whole past at every observation. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Premium, Transition } from '../../src/engine/model.ts'
import { newRuleState } from '../../src/engine/rules.ts'
import type { LevelSpec, RuleSpec } from '../../src/engine/spec.ts'
import { newWatches, observeAll } from '../../src/engine/watch.ts'
import { MINUTE, rule } from './build.ts'

interface Seen {
  time: number
  /** null: the premium does not say the measure */
  value: number | null
  elapsed: number
  spell: number
}

interface Run {
  since: number
  held: number
  samples: number
}

function sides({ direction, levels }: RuleSpec) {
  const sign = direction === 'above' ? 1 : -1
  const level = (i: number) => levels[i] as LevelSpec
  const breaches = (i: number, value: number) => sign * value >= sign * level(i).raise
  const isClear = (i: number, value: number) => !breaches(i, value) && sign * value <= sign * level(i).clear
  return { breaches, isClear }
}

/** The observations up to the last one that all are on this side, from `from` on, since the last gap where that counts. */
function runOf(
  past: readonly Seen[],
  from: number,
  gap_ms: number | null,
  isOn: (value: number) => boolean,
): Run | null {
  let run = null as Run | null
  for (let i = past.length - 1, elapsed = 0; i >= from; i--) {
    const { value, spell, elapsed: before } = past[i] as Seen
    if (value !== null && !isOn(value)) break
    if (value !== null) run = { since: i, held: elapsed, samples: (run?.samples ?? 0) + 1 }
    elapsed += before
    if (gap_ms !== null && spell > gap_ms) break
  }
  return run
}

function isMet(run: Run | null, hold_ms: number, { min_samples }: RuleSpec): boolean {
  return run !== null && run.held >= hold_ms && run.samples >= (min_samples ?? (hold_ms === 0 ? 1 : 2))
}

/** '<time> <sequence> <kind> <level> <value> <began>' */
function worksOut(spec: RuleSpec, whole: readonly Seen[]): string[] {
  const { breaches, isClear } = sides(spec)
  const all = spec.levels.map((_, i) => i)
  /** by level: from where on its observations count; null while it waits */
  const counts: (number | null)[] = all.map(() => (spec.on_start === 'wait' ? null : 0))
  const told: string[] = []
  let [level, highest, sequence, began] = [-1, -1, 0, 0]
  for (let n = 0; n < whole.length; n++) {
    const { time, value } = whole[n] as Seen
    if (value === null) continue
    const past = whole.slice(0, n + 1)
    for (const i of all) if (!breaches(i, value)) counts[i] ??= n
    const up = (i: number) => runOf(past, counts[i] ?? n + 1, spec.max_gap_ms, (one) => breaches(i, one))
    const reached = all.findLast((i) => i > level && isMet(up(i), (spec.levels[i] as LevelSpec).for_ms, spec))
    if (reached !== undefined) {
      const first = all.map(up).find((run) => run !== null) as Run
      if (level < 0) [sequence, highest, began] = [0, -1, (whole[first.since] as Seen).time]
      const kind = level < 0 ? 'raised' : 'escalated'
      level = reached
      highest = Math.max(highest, level)
      told.push(`${time} ${++sequence} ${kind} ${level} ${value} ${began}`)
      continue
    }
    const down = (i: number) => runOf(past, 0, null, (one) => isClear(i, one))
    const before = level
    while (level >= 0 && isMet(down(level), (spec.levels[level] as LevelSpec).clear_for_ms, spec)) level--
    if (level === before) continue
    if (level < 0) counts.fill(0)
    told.push(
      `${time} ${++sequence} ${level < 0 ? 'cleared' : 'eased'} ${level < 0 ? highest : level} ${value} ${began}`,
    )
  }
  return told
}

function textOf({ time, sequence, kind, level, value, began_at }: Transition): string {
  return `${time} ${sequence} ${kind} ${level} ${value} ${began_at}`
}

const holds = fc.constantFrom(0, MINUTE, 3 * MINUTE)
const bounds = fc.record({ band: fc.integer({ min: 0, max: 4 }), for_ms: holds, clear_for_ms: holds })
const rules = fc
  .record({
    direction: fc.constantFrom('above' as const, 'below' as const),
    levels: fc.array(bounds, { minLength: 1, maxLength: 4 }),
    max_gap_ms: fc.constantFrom(null, 2 * MINUTE),
    min_samples: fc.constantFrom(null, 1, 3),
    on_start: fc.constantFrom('raise' as const, 'wait' as const),
  })
  .map(({ levels, ...rest }) => {
    const sign = rest.direction === 'above' ? 1 : -1
    const placed = levels.map(({ band, ...hold }, i) => ({
      ...hold,
      raise: sign * (i + 1),
      clear: sign * (i + 1 - band),
    }))
    return rule({ ...rest, levels: placed })
  })

const stories = fc
  .array(
    fc.record({
      value: fc.option(fc.integer({ min: -5, max: 5 }), { freq: 8 }),
      minutes: fc.integer({ min: 1, max: 3 }),
      lost: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let time = 0
    return steps.map(({ value, minutes, lost }): Seen => {
      time += minutes * MINUTE
      const spell = Math.min(lost, minutes) * MINUTE
      return { time, value, elapsed: minutes * MINUTE - spell, spell }
    })
  })

test('levels, directions, holds, gaps and waiting come to what the definitions say', () => {
  fc.assert(
    fc.property(rules, stories, (spec, story) => {
      const watches = newWatches([spec], (one) => newRuleState(one, false))
      const told = story.flatMap(({ time, value, elapsed, spell }) => {
        const premium = { time, seen_at: time, as_quoted_usd: value ?? Number.NaN } as Premium
        return observeAll(watches, premium, elapsed, spell) ?? []
      })
      expect(told.map(textOf)).toEqual(worksOut(spec, story))
    }),
    { numRuns: 5_000 },
  )
})
