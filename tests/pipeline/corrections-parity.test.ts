/** However prices come and are corrected: live, the check of parity and a backtest of the same history tell the same. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backtest } from '../../src/backtest/backtest.ts'
import { storedSource } from '../../src/backtest/source.ts'
import { verifyAll } from '../../src/parity.ts'
import { eastOf } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER, type World } from '../world.ts'

const RULES = `${SILVER.slice(0, SILVER.indexOf('rules:'))}
rules:
  at-once: { pair: silver-live, measure: as_quoted_usd, direction: above, raise: 5.50, clear: 5.00, severity: warning, levels: [{ severity: critical, raise: 7, clear: 6 }], notify: [terminal] }
  held: { pair: silver-live, measure: as_quoted_usd, direction: above, raise: 5.50, clear: 5.00, for: 2m, clear_for: 2m, severity: warning, notify: [terminal] }
  jump: { pair: silver-live, measure: { change: as_quoted_usd, over: 4m }, direction: above, raise: 1.50, clear: 0.50, severity: info, notify: [terminal] }
  low: { pair: silver-live, measure: ex_tax_pct, direction: below, raise: 4, clear: 6, min_samples: 2, severity: info, levels: [{ severity: warning, raise: 2, clear: 3, for: 1m }, { severity: critical, raise: 1, clear: 2 }], notify: [terminal] }
  wait: { pair: silver-live, measure: as_quoted_pct, direction: above, raise: 15, clear: 14, on_start: wait, severity: warning, levels: [{ severity: critical, raise: 19, clear: 18, for: 1m }, { severity: critical, raise: 24, clear: 20 }], notify: [terminal] }
`

interface Move {
  gap: number
  /** how many minutes ago the price was made that is corrected instead; null: a new price */
  corrects: number | null
}

const moves = fc.array(
  fc.record({
    gap: fc.constantFrom(4, 4.8, 5.2, 5.6, 6.5, 7.5),
    corrects: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 2 }),
  }),
  { minLength: 5, maxLength: 18 },
)

const TAKEN_BACK: Move[] = [
  { gap: 4, corrects: null },
  { gap: 6.5, corrects: null },
  { gap: 4, corrects: 0 },
]

const timeOf = (minute: number) => `10:${String(minute).padStart(2, '0')}`

async function play(world: World, story: readonly Move[]): Promise<void> {
  for (const [minute, { gap, corrects }] of story.entries()) {
    const others = { 'sina/xag': '30.00', 'sina/usdcny': '7.0000' }
    const made = world.prices.filter(({ series }) => series === 'sina/ag-td')
    const old = corrects === null ? undefined : made.at(-1 - corrects)
    quote(world, timeOf(minute), old === undefined ? { ...others, 'sina/ag-td': eastOf(gap) } : others)
    if (old === undefined) await pollAt(world, timeOf(minute))
    else {
      // the source goes back to an older price for one poll
      old.price = eastOf(gap)
      const whole = [...world.prices]
      const shown = whole.filter(({ series, at }) => series !== 'sina/ag-td' || at <= old.at)
      world.prices.splice(0, Number.POSITIVE_INFINITY, ...shown)
      await pollAt(world, timeOf(minute))
      world.prices.splice(0, Number.POSITIVE_INFINITY, ...whole)
    }
    if (minute % 5 === 4) await world.restart({})
  }
}

test('live, replayed and tested backwards the same is told', async () => {
  let corrected = 0
  await fc.assert(
    fc.asyncProperty(moves, async (story) => {
      await using world = await openWorld('2026-03-02T10:00:00Z', { 'metals/silver.yaml': RULES })
      await play(world, story)
      expect((await verifyAll(world.context)).map(({ differences }) => differences)).toEqual([[]])
      const live = await world.rows<Record<string, string>>(
        `select rule, sequence, kind, round(t.value, 6)::text as value, t.severity, reason
         from metalgap.transitions t join metalgap.breaches using (breach_id)
         order by rule collate "C", t.seen_at, premium_id, sequence`,
      )
      const source = storedSource(world.database.url, { from: null, to: null })
      const { rules } = await backtest(world.context.config, source, { rule: null, budget: null })
      const told = rules
        .toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
        .flatMap(({ rule, breaches }) =>
          breaches.flatMap(({ steps }) => steps.map((step) => ({ ...step, rule }))),
        )
      expect(
        told.map((t) => [t.rule, t.sequence, t.kind, t.value.toFixed(6), t.severity, t.reason].join(' ')),
      ).toEqual(
        live.map((t) =>
          [t['rule'], t['sequence'], t['kind'], t['value'], t['severity'], t['reason']].join(' '),
        ),
      )
      corrected += live.filter(({ reason }) => reason === 'correction').length
    }),
    { numRuns: 6, examples: [[TAKEN_BACK]] },
  )
  expect(corrected).toBeGreaterThan(0)
})
