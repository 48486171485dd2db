import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { drawBoard, plainLine } from '../../src/demo/board.ts'
import { newsOf, newsOfWebhook } from '../../src/demo/news.ts'
import { stateInWords } from '../../src/demo/view.ts'
import type { PairStanding, StandingRule } from '../../src/store/demo.ts'

const now = new Date('2030-01-15T12:00:30Z')
const breach = { sequence: 1 }
const hold = (held_ms: number) => ({ held_ms })

function silver(rule: StandingRule, more: Partial<PairStanding> = {}): PairStanding {
  return {
    pair: 'silver-simulated',
    metal: 'silver',
    unit: 'oz',
    time: now,
    east_usd: '66.437512',
    west_usd: '60.12',
    as_quoted_usd: '6.317512',
    as_quoted_pct: '10.508170',
    comparability: 'comparable',
    reason: '',
    rules: { 'silver-gap': rule },
    alert: null,
    alert_at: null,
    alert_state: null,
    ...more,
  }
}

const ok = silver({ breach: null, up: [null], down: [null] })
const pending = silver({ breach: null, up: [hold(2900)], down: [null] })
const raised = silver({ breach, up: [null], down: [null] })
const clearing = silver({ breach, up: [null], down: [hold(1000)] })
const stale = silver(
  { breach, up: [null], down: [null] },
  { comparability: 'stale', reason: 'west stale: 30 s old, 20 s allowed' },
)
const waiting = silver({ breach: null, up: [], down: [] }, { time: null, as_quoted_usd: null })

describe('the state of a pair', () => {
  test.for([
    ['waiting for prices', waiting],
    ['ok', ok],
    ['pending 2 of 3 s', pending],
    ['RAISED', raised],
    ['RAISED, clearing 1 of 3 s', clearing],
    ['west stale: 30 s old, 20 s allowed', stale],
  ] as const)('is told as "%s"', ([words, standing]) => {
    expect(stateInWords(standing)).toBe(words)
  })
})

describe('news', () => {
  const events = (before: PairStanding[], after: PairStanding[]) =>
    newsOf(before, after, now).map(({ event }) => event)

  test('are a first premium and every change of state', () => {
    expect(events([], [ok])).toEqual(['first_premium'])
    expect(events([ok], [ok])).toEqual([])
    expect(events([ok], [pending])).toEqual(['pending'])
    expect(events([pending], [raised])).toEqual(['raised'])
    expect(events([raised], [clearing])).toEqual(['clearing'])
    expect(events([clearing], [ok])).toEqual(['ok'])
    expect(events([], [waiting])).toEqual([])
  })

  test('say of a webhook whether its signature was genuine', () => {
    const heard = { id: 'm1', problem: null, repeated: false, body: '{"type":"breach.raised"}' }
    expect(newsOfWebhook(heard, now)).toMatchObject({
      verified: true,
      text: 'Webhook breach.raised received, signature verified',
    })
    const forged = { ...heard, problem: 'the signature does not match' }
    expect(newsOfWebhook(forged, now)).toMatchObject({
      verified: false,
      text: expect.stringContaining('REFUSED'),
    })
  })
})

describe('the board', () => {
  const board = {
    standings: [raised],
    news: newsOf([], [raised], now),
    hints: ['Go live: npm start'],
    started: now,
    now,
  }

  test('says that prices are simulated before anything else', () => {
    expect(drawBoard(board, 120, false)[0]).toMatch(/^SIMULATED PRICES/)
  })

  test('lines its numbers up below their heads', () => {
    const [, , head = '', row = ''] = drawBoard(board, 120, false)
    expect(row).toMatch(/^Silver +66\.44 +60\.12 +\+6\.32 +\+10\.51 +RAISED +none yet$/)
    expect(row.indexOf('66.44') + 5).toBe(head.indexOf('SHANGHAI USD/oz') + 'SHANGHAI USD/oz'.length)
  })

  test('is never wider than the terminal, colours or not', () => {
    for (const colour of [true, false]) {
      const lines = drawBoard(board, 40, colour)
      for (const line of lines) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(40)
    }
  })

  test('has no escape sequences without colour', () => {
    expect(drawBoard(board, 120, false).join('')).not.toContain('\x1b')
    expect(drawBoard(board, 120, true).join('')).toContain('\x1b[31m')
  })

  test('is one line a pair where nothing can be drawn again', () => {
    expect(plainLine(raised, now)).toMatch(
      /Silver: Shanghai 66\.44, London 60\.12, premium \+6\.32 USD\/oz \(\+10\.51 %\), RAISED$/,
    )
  })
})
