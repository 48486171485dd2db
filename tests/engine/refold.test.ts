import { describe, expect, it } from 'vitest'
import type { Event, Tick } from '../../src/engine/model.ts'
import { corrected, refold, touchedRules } from '../../src/engine/refold.ts'
import { inTurn, revisedAmong } from '../../src/engine/revisions.ts'
import type { PairSpec } from '../../src/engine/spec.ts'
import { newState } from '../../src/engine/state.ts'
import { foldCorrecting } from '../../src/replay/correcting.ts'
import { newLedger } from '../../src/replay/ledger.ts'
import {
  at,
  DAY,
  east,
  gaps,
  HOUR,
  plainPair,
  rate,
  rule,
  silver,
  type TickEvent,
  type Told,
  tell,
  told,
  transitionsOf,
  west,
} from './build.ts'

/** As `tell`, with what a replay remembers. */
function tellAll(spec: PairSpec, events: readonly Event[]): Omit<Told, 'changes' | 'steps'> {
  const story: Omit<Told, 'changes' | 'steps'> = { state: newState(spec), premiums: [], transitions: [] }
  const ledger = newLedger()
  for (const event of events) {
    story.state = foldCorrecting(spec, story.state, event, ledger, ({ premiums, transitions }) => {
      story.premiums.push(...premiums)
      story.transitions.push(...transitions)
    })
  }
  return story
}

const instant = { for_ms: 0, clear_for_ms: 0 }

function pair(...rules: Parameters<typeof rule>): PairSpec {
  return plainPair({ rules: rules.map(rule), max_skew_ms: DAY })
}

function pairOf(...rules: ReturnType<typeof rule>[]): PairSpec {
  return plainPair({ rules, max_skew_ms: DAY })
}

/** Another price for a time that is known. */
const revision = (time: string, gap: number, seen: string, number = 2) =>
  east(time, 100 + gap, { seen, revision: number })

describe('A revision', () => {
  it('of the price that raised retracts, bears the severity that was told and its own number', () => {
    const story = tellAll(pair({ levels: [instant] }), [
      ...gaps('10:00', 4, 6),
      revision('10:01', 4.5, '10:02'),
    ])
    expect(transitionsOf(story)).toEqual(['10:01 raised 6 warning', '10:02 retracted 4.5 warning'])
    expect(story.transitions[1]).toMatchObject({ sequence: 2, reason: 'correction', peak: 4.5 })
    expect(story.state.rules['silver-gap']?.breach).toBe(null)
  })

  it('in the middle of the hold retracts as well, and what came later may be the beginning of another', () => {
    const story = tellAll(pair({}), [
      ...gaps('10:00', 6, 6, 6, 6, 6, 6),
      revision('10:02', 4, '10:06'),
      ...gaps('10:07', 6, 6).slice(1),
    ])
    expect(transitionsOf(story)).toEqual([
      '10:05 raised 6 warning',
      '10:06 retracted 4 warning',
      '10:08 raised 6 warning',
    ])
    expect(told(story.transitions[2]?.began_at ?? 0)).toBe('10:03')
  })

  it('that changes the level is told with the level that holds, whichever it is', () => {
    const levels = [instant, { ...instant, severity: 'critical' as const, raise: 8, clear: 7 }]
    const down = tellAll(pair({ levels }), [...gaps('10:00', 4, 9), revision('10:01', 6, '10:02')])
    expect(transitionsOf(down)).toEqual(['10:01 raised 9 critical', '10:02 changed 6 warning'])
    const up = tellAll(pair({ levels }), [...gaps('10:00', 4, 6), revision('10:01', 9, '10:02')])
    expect(transitionsOf(up)).toEqual(['10:01 raised 6 warning', '10:02 changed 9 critical'])
    expect(up.transitions[1]?.silent).toBe(undefined)
  })

  it('of a height that was told and never reached is told, though the level has eased since; of one that was not told is not', () => {
    const levels = [instant, { ...instant, severity: 'critical' as const, raise: 8, clear: 7 }]
    const told_high = [
      ...gaps('10:00', 4, 9, 6),
      revision('10:01', 6.5, '10:03'),
      ...gaps('10:04', 4).slice(1),
    ]
    expect(transitionsOf(tellAll(pair({ levels }), told_high)).slice(2)).toEqual([
      '10:03 changed 6.5 warning',
      '10:04 cleared 4 warning',
    ])
    const never_told = [
      ...gaps('10:00', 4, 6, 6),
      revision('10:01', 9, '10:03'),
      ...gaps('10:04', 4).slice(1),
    ]
    const story = tellAll(pair({ levels }), never_told)
    expect(transitionsOf(story).slice(1)).toEqual(['10:03 changed 9 warning', '10:04 cleared 4 warning'])
    expect(story.transitions[1]?.silent).toBe(true)
  })

  it('that changes the number and no level corrects the record in silence, and keeps the reminders', () => {
    const story = tellAll(pair({ levels: [instant], remind_ms: HOUR }), [
      ...gaps('10:00', 4, 7, 6.5),
      revision('10:01', 6, '10:30'),
      ...gaps('11:02', 6).slice(1),
    ])
    expect(transitionsOf(story)).toEqual([
      '10:01 raised 7 warning',
      '10:30 changed 6 warning',
      '11:01 reminder 6.5 warning',
    ])
    expect(story.transitions[1]).toMatchObject({ silent: true, peak: 6.5 })
  })

  it('of a price after the raise leaves the raise alone', () => {
    const story = tellAll(pair({ levels: [instant] }), [
      ...gaps('10:00', 4, 6, 9),
      revision('10:02', 7, '10:03'),
    ])
    expect(transitionsOf(story)).toEqual(['10:01 raised 6 warning'])
    expect(story.state.rules['silver-gap']?.breach?.peak).toBe(7)
  })

  it('that ends a breach which had rightly been raised clears it, with the highest severity that was told', () => {
    const levels = [instant, { ...instant, severity: 'critical' as const, raise: 8, clear: 7 }]
    const story = tellAll(pair({ levels }), [...gaps('10:00', 4, 9, 6), revision('10:02', 4, '10:03')])
    expect(transitionsOf(story)).toEqual([
      '10:01 raised 9 critical',
      '10:02 eased 6 warning',
      '10:03 cleared 4 critical',
    ])
    expect(story.transitions[2]?.reason).toBe('correction')
  })

  it('never raises: it breaks a hold or leaves it running, and the next observation raises', () => {
    const broken = [
      ...gaps('10:00', 6, 6, 6, 6, 6),
      revision('10:03', 4, '10:05'),
      ...gaps('10:06', 6).slice(1),
    ]
    expect(transitionsOf(tellAll(pair({}), broken))).toEqual([])
    const full = [...gaps('10:00', 6, 6, 6), revision('10:01', 7, '10:02'), ...gaps('10:05', 6).slice(1)]
    expect(transitionsOf(tellAll(pair({}), full))).toEqual(['10:05 raised 6 warning'])
  })

  it('of what came before the hold changes no rule', () => {
    const story = tellAll(pair({ levels: [instant] }), [
      ...gaps('10:00', 4, 6),
      revision('10:00', 9, '10:02'),
    ])
    expect(transitionsOf(story)).toEqual(['10:01 raised 6 warning'])
  })

  it('of a price that is long out of memory takes back what it had raised', () => {
    const between = Array.from({ length: 40 }, () => 5.2)
    const story = tellAll(pair({ levels: [instant] }), [
      ...gaps('10:00', 4, 6, ...between),
      west('10:42', 100),
      ...gaps('10:43', ...between).slice(1),
      revision('10:01', 4.5, '11:30'),
    ])
    expect(transitionsOf(story)).toEqual(['10:01 raised 6 warning', '11:30 retracted 4.5 warning'])
  })

  it('of the other leg corrects every premium that used it, each once', () => {
    const spec = pair({ levels: [instant] })
    const story = tellAll(spec, [
      ...gaps('10:00', 6, 7, 8),
      west('10:00', 103, { seen: '10:03', revision: 2 }),
      west('10:00', 104, { seen: '10:04', revision: 3 }),
    ])
    expect(transitionsOf(story)).toEqual(['10:00 raised 6 warning', '10:03 retracted 3 warning'])
    const corrections = story.premiums.filter(({ standing }) => standing === 'correction')
    expect(corrections.map(({ as_quoted_usd }) => as_quoted_usd)).toEqual([5, 3, 4, 4])
  })

  it('that comes with news is folded first, so that the news meets the corrected rule', () => {
    const [news] = gaps('10:05', 6).slice(1) as [TickEvent]
    const late = revision('10:03', 4, '10:05')
    const ticks: Tick[] = [news.tick, late.tick]
    const story = tellAll(pair({}), [
      ...gaps('10:00', 6, 6, 6, 6, 6),
      { is: 'ticks', seen_at: news.tick.seen_at, ticks },
    ])
    expect(transitionsOf(story)).toEqual([])
  })

  it('that comes twice at once is the last one, and one that comes with its first price corrects nothing', () => {
    const together = (seen: string, ...told: ReturnType<typeof east>[]): Event => {
      return { is: 'ticks', seen_at: at(seen), ticks: told.map(({ tick }) => tick) }
    }
    const story = tellAll(pair({ levels: [instant] }), [
      ...gaps('10:00', 4, 6),
      together('10:02', revision('10:01', 4.5, '10:02'), revision('10:01', 4.2, '10:02', 3)),
      together('10:03', east('10:03', 104), revision('10:03', 7, '10:03')),
    ])
    expect(transitionsOf(story)).toEqual([
      '10:01 raised 6 warning',
      '10:02 retracted 4.2 warning',
      '10:03 raised 7 warning',
    ])
  })

  it('of the rate corrects what was compared with it, and a tick without a revision corrects nothing', () => {
    const spec = silver({ rules: [rule({ levels: [instant] })] })
    const events = [rate('10:00', 7), west('10:00', 30), east('10:00', 8100)]
    const story = tellAll(spec, [...events, rate('10:00', 7.5, { seen: '10:01', revision: 2 })])
    expect(story.transitions.map(({ kind }) => kind)).toEqual(['raised', 'retracted'])
    const [premium] = story.premiums
    if (premium === undefined) throw new Error('no premium')
    expect(corrected(spec, premium, [rate('10:00', 7.1).tick])).toBe(null)
    const lost = { ...spec, east: [] }
    expect(corrected(lost, premium, [rate('10:00', 7.1, { revision: 2 }).tick])).toBe(null)
  })

  it('of a series that the pair does not use is told with the news, as one of a time that is not held', () => {
    const spec = pair({ levels: [instant] })
    const { state } = tellAll(spec, gaps('10:00', 4))
    const ticks = [rate('10:00', 7, { revision: 2 }).tick, revision('09:00', 4, '10:02').tick]
    expect(inTurn(state, ticks)).toEqual({ corrects: [], news: ticks })
    expect(revisedAmong(ticks)).toEqual(ticks)
  })

  it('that the pair no longer has a leg for corrects nothing', () => {
    const spec = pair({ levels: [instant] })
    const before = tellAll(spec, gaps('10:00', 4, 6))
    const gone = { ...spec, east: plainPair({}, { east: [{ facts: { series: 'another/0' } }] }).east }
    expect(tell(gone, [revision('10:01', 4, '10:02')], before.state).transitions).toEqual([])
  })

  it('corrects a window too: a change that stood on it is taken back', () => {
    const change = rule({
      window: { kind: 'change', over_ms: HOUR },
      levels: [{ ...instant, raise: 3, clear: 1 }],
    })
    const story = tellAll(pairOf(change), [
      ...gaps('10:00', 2),
      ...gaps('11:00', 6).slice(1),
      revision('10:00', 5, '11:01'),
      ...gaps('11:02', 6.5).slice(1),
    ])
    expect(transitionsOf(story)).toEqual(['11:00 raised 4 warning', '11:01 retracted 1 warning'])
  })

  it('corrects the window of a rule that is not raised', () => {
    const change = rule({
      window: { kind: 'change', over_ms: HOUR },
      levels: [{ ...instant, raise: 3, clear: 1 }],
    })
    const spec = pairOf(change, rule({ rule: 'other', levels: [{ ...instant, raise: 50, clear: 40 }] }))
    const story = tellAll(spec, [
      ...gaps('10:00', 2, 2),
      revision('10:01', 5, '10:30'),
      ...gaps('11:01', 6).slice(1),
    ])
    expect(transitionsOf(story)).toEqual([])
    expect(story.state.rules['silver-gap']?.slots?.map(([, value]) => value)).toContain(5)
  })

  it('leaves a rule as it is that has seen nothing, and one whose observations are not all there', () => {
    const before = tellAll(pairOf(), gaps('10:00', 4, 6))
    const spec = pair({ levels: [instant] })
    expect(touchedRules(spec, before.state, before.premiums)).toEqual([])
    const { state, premiums } = tellAll(spec, gaps('10:00', 4, 6))
    const touched = touchedRules(spec, state, premiums)
    const part = { before: [], since: [] }
    expect(refold(spec, state, touched, () => part, premiums, at('10:02'))).toEqual([])
    expect(state.rules['silver-gap']?.breach).not.toBe(null)
  })

  it('after which a measure cannot be said any more tells the furthest value that was told', () => {
    const change = rule({
      window: { kind: 'change', over_ms: HOUR },
      levels: [{ ...instant, raise: 3, clear: 1 }],
    })
    const spec = pairOf(change)
    const { state, premiums } = tellAll(spec, [...gaps('10:00', 2), ...gaps('11:00', 6).slice(1)])
    const since = premiums.slice(-1)
    const told = refold(
      spec,
      state,
      touchedRules(spec, state, since),
      () => ({ before: [], since }),
      since,
      at('11:01'),
    )
    expect(told).toMatchObject([{ kind: 'retracted', value: 4 }])
  })
})
