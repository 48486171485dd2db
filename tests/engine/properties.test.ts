import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComparabilityChange, Event, Transition } from '../../src/engine/model.ts'
import { dumpState, loadState, newState } from '../../src/engine/state.ts'
import {
  alone,
  at,
  DAY,
  HOUR,
  MINUTE,
  open,
  plainPair,
  rule,
  SECOND,
  silver,
  type TickEvent,
  type Told,
  tell,
} from './build.ts'

/** Two levels, bounds below, and history: so that everything that can happen does: holds on both sides, a gap that resets. */
const rules = [
  rule({
    levels: [
      { raise: 5.5, clear: 5, for_ms: 2 * MINUTE, clear_for_ms: 3 * MINUTE },
      { raise: 7, clear: 6.5, severity: 'critical', for_ms: MINUTE, clear_for_ms: MINUTE },
    ],
  }),
  rule({
    rule: 'other',
    measure: 'ex_tax_pct',
    direction: 'below',
    max_gap_ms: 10 * MINUTE,
    levels: [{ raise: 2, clear: 4, for_ms: MINUTE, clear_for_ms: 0 }],
  }),
  rule({
    rule: 'moves',
    window: { kind: 'change', over_ms: 5 * MINUTE },
    levels: [{ raise: 1, clear: 0, for_ms: MINUTE, clear_for_ms: 0 }],
  }),
  rule({
    rule: 'unusual',
    window: { kind: 'zscore', over_ms: 40 * MINUTE },
    levels: [{ raise: 1, clear: 0.5, for_ms: 0, clear_for_ms: MINUTE }],
  }),
]
const calendar = open('08:00-10:20', '10:35-11:30')
const live = silver(
  { rules },
  {
    east: { calendar, max_age_ms: 10 * MINUTE },
    west: { max_age_ms: 4 * MINUTE },
    fx: { max_age_ms: 20 * MINUTE },
  },
)
const daily = plainPair(
  { align: 'date', rules },
  { east: [{ max_age_ms: 4 * DAY }], west: [{ max_age_ms: 4 * DAY }] },
)
const PRICES: Record<string, [number, number]> = {
  'east/0': [7600, 8700],
  'west/0': [29, 31],
  'fx/0': [7, 7.2],
}

interface Draft {
  series: string
  gap_ms: number
  delay_ms: number
  price: number
  oddity: 'none' | 'doubted' | 'older' | 'revised' | 'twice' | 'seen before'
}

const draft: fc.Arbitrary<Draft> = fc.record({
  series: fc.constantFrom('east/0', 'east/0', 'west/0', 'west/0', 'west/0', 'fx/0'),
  gap_ms: fc.oneof(
    fc.integer({ min: 0, max: 90 }).map((s) => s * SECOND),
    fc.constantFrom(4 * MINUTE, 10 * MINUTE, 20 * MINUTE),
  ),
  delay_ms: fc.constantFrom(0, 0, 500, 30 * SECOND, 15 * MINUTE),
  price: fc.double({ min: 0, max: 1, noNaN: true }),
  oddity: fc.constantFrom(
    'none',
    'none',
    'none',
    'none',
    'doubted',
    'older',
    'revised',
    'twice',
    'seen before',
  ),
})

/** Events in the order in which they were stored, with the faults of real sources. */
const events = fc.array(draft, { minLength: 5, maxLength: 120 }).map((drafts) => {
  let now = at('10:00')
  const made: TickEvent[] = []
  drafts.forEach(({ series, gap_ms, delay_ms, price, oddity }, i) => {
    now += gap_ms
    const [low, high] = PRICES[series] ?? [1, 2]
    const before = made.findLast(({ tick }) => tick.series === series)?.tick
    const fresh = {
      tick_id: i + 1,
      series,
      at: now - (series === 'west/0' ? 0 : delay_ms),
      seen_at: oddity === 'seen before' ? now - 20 * SECOND : now,
      price: low + price * (high - low),
      revision: 1,
      quarantined: oddity === 'doubted' ? 'is absurd' : null,
    }
    if (oddity === 'older') fresh.at -= 3 * MINUTE
    if (oddity === 'revised' && before !== undefined)
      Object.assign(fresh, { at: before.at, revision: before.revision + 1 })
    made.push(alone(oddity === 'twice' && before !== undefined ? before : fresh))
  })
  return made
})

const results = ({ premiums, transitions }: Told) => ({ premiums, transitions })

/** What stands in the table of intervals: those without a length say nothing. */
function intervals(changes: readonly ComparabilityChange[]): string[] {
  const lasting = changes.filter(({ time }, i) => changes[i + 1]?.time !== time)
  const kept = lasting.filter(({ state, reason }, i) => {
    const before = lasting[i - 1]
    return before?.state !== state || leg(before.reason) !== leg(reason)
  })
  return kept.map(({ time, state, reason }) => `${time} ${state} ${leg(reason)}`)
}
const leg = (reason: string) => reason.split(' ')[0]

describe('whatever happens', () => {
  it('writing the state down and reading it at any point changes nothing', () => {
    fc.assert(
      fc.property(
        events,
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.constantFrom(live, daily),
        (story, cuts, spec) => {
          const whole = tell(spec, story)
          const points = new Set(cuts.map((cut) => cut % story.length))
          const split: Told = { state: newState(spec), premiums: [], transitions: [], changes: [], steps: [] }
          story.forEach((event, i) => {
            if (points.has(i)) split.state = loadState(spec, dumpState(spec, split.state))
            const { state, premiums, transitions, changes } = tell(spec, [event], split.state)
            split.state = state
            split.premiums.push(...premiums)
            split.transitions.push(...transitions)
            split.changes.push(...changes)
          })
          expect(results(split)).toEqual(results(whole))
          expect(split.changes).toEqual(whole.changes)
          expect(dumpState(spec, split.state)).toBe(dumpState(spec, whole.state))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('telling the time more often changes no premium, no rule and no interval', () => {
    fc.assert(
      fc.property(
        inOrder(events),
        fc.array(fc.nat({ max: 60 * MINUTE }), { maxLength: 60 }),
        (story, moments) => {
          const plain = tell(live, [...story, end])
          const first = story[0]?.tick.seen_at ?? 0
          const clocks = moments.map((moment): Clock => ({ is: 'clock', at: first + moment }))
          const ticking = tell(live, [...merged(story, clocks), end])
          expect(results(ticking)).toEqual(results(plain))
          expect(intervals(ticking.changes)).toEqual(intervals(plain.changes))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('even time that runs ahead of ticks changes no premium and no rule', () => {
    fc.assert(
      fc.property(
        events,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 * HOUR })), { maxLength: 20 }),
        (story, told) => {
          const ticking: Event[] = [...story]
          for (const [where, ahead] of told) {
            ticking.splice(where % ticking.length, 0, { is: 'clock', at: at('10:00') + ahead })
          }
          expect(results(tell(live, ticking))).toEqual(results(tell(live, story)))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('raises and clears alternate for each rule, numbered from one, and each has its observation in the same step', () => {
    fc.assert(
      fc.property(events, fc.constantFrom(live, daily), (story, spec) => {
        const { steps, transitions } = tell(spec, story)
        for (const { premiums, transitions: own } of steps)
          for (const { premium } of own)
            expect(premiums).toContainEqual(expect.objectContaining({ ...premium, standing: 'observation' }))
        for (const { rule: name } of rules) checkAlternation(transitions.filter((each) => each.rule === name))
      }),
      { numRuns: 300 },
    )
  })

  it('intervals follow on each other in order', () => {
    fc.assert(
      fc.property(events, (story) => {
        const { changes } = tell(live, story)
        changes.forEach(({ time }, i) => {
          expect(time).toBeGreaterThanOrEqual(changes[i - 1]?.time ?? 0)
        })
      }),
    )
  })

  it('nothing is compared with a rate that is younger than the premium, but for the one exception', () => {
    fc.assert(
      fc.property(events, (story) => {
        for (const { standing, fx, time } of tell(live, story).premiums)
          if (standing !== 'correction') expect((fx?.at ?? 0) - time).toBeLessThanOrEqual(live.max_skew_ms)
      }),
    )
  })
})

type Clock = Event & { is: 'clock' }

const end: Event = { is: 'clock', at: at('23:00') }

/** Those of which none was seen before another that is already folded. */
function inOrder(stories: typeof events): typeof events {
  return stories.map((story) => [...story].sort((a, b) => a.tick.seen_at - b.tick.seen_at))
}

/** Clocks in between, each before the first tick that was seen later; ticks seen at the same moment come first. */
function merged(ticks: TickEvent[], clocks: Clock[]): Event[] {
  const stamped = [
    ...ticks.map((event) => ({ instant: event.tick.seen_at, event })),
    ...clocks.map((event) => ({ instant: event.at, event })),
  ]
  return stamped.sort((a, b) => a.instant - b.instant).map(({ event }) => event)
}

function checkAlternation(transitions: Transition[]): void {
  let sequence = 0
  for (const { kind, ...rest } of transitions) {
    expect(kind === 'raised').toBe(sequence === 0)
    expect(rest.sequence).toBe(++sequence)
    if (kind === 'cleared') sequence = 0
  }
}
