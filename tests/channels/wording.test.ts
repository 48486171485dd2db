import { expect, test } from 'vitest'
import { wording } from '../../src/wording.ts'
import { breach, MESSAGES } from './samples.ts'

const GAP = 'Shanghai 8.00 USD/oz (10.00 %) over London, up from 4.91'
const OVER_30D = { value: '1.500000', direction: 'below', raise: '2' } as const

test.for([
  [
    breach('breach.raised', { severity: 'critical' }),
    `CRITICAL silver: ${GAP} - above 5.50 since 14:55 Shanghai`,
  ],
  [breach('breach.escalated'), `WARNING silver, escalated: ${GAP} - above 5.50 since 14:55 Shanghai`],
  [breach('breach.reminder'), `STILL WARNING silver: ${GAP} - above 5.50 since 14:55 Shanghai`],
  [
    breach('breach.cleared', { value: '4.800000' }),
    'CLEARED silver: Shanghai 4.80 USD/oz (10.00 %) over London, down from 4.91 - back to or below 5.00, was WARNING since 14:55 Shanghai',
  ],
  [
    breach('breach.cleared', { reason: 'rule-removed', legs: null, premium: null }),
    'CLOSED silver: example-gap was removed while WARNING since 06:55 UTC',
  ],
  [
    breach('breach.raised', {
      measure: 'ex_tax_pct',
      unit: '%',
      value: '-2.654179',
      direction: 'below',
      raise: '-2',
    }),
    'WARNING silver: Shanghai 2.65 % (2.12 USD/oz) ex tax under London, down from 4.91 - below -2 % since 14:55 Shanghai',
  ],
  [
    breach('breach.raised', { measure: 'change(as_quoted_usd, 24h)', value: '3.100000' }),
    'WARNING silver: Shanghai 8.00 USD/oz (10.00 %) over London, up 3.10 USD/oz in 24h, down from 4.91 - above 5.50 since 14:55 Shanghai',
  ],
  [
    breach('breach.raised', { ...OVER_30D, measure: 'percentile(ex_tax_pct, 30d)', unit: 'percentile' }),
    'WARNING silver: Shanghai 2.65 % (2.12 USD/oz) ex tax under London, at percentile 1.50 of its last 30d, down from 4.91 - below 2 since 14:55 Shanghai',
  ],
  [
    breach('breach.raised', {
      ...OVER_30D,
      measure: 'zscore(as_quoted_usd, 30d)',
      unit: 'σ',
      value: '-2.500000',
    }),
    'WARNING silver: Shanghai 8.00 USD/oz (10.00 %) over London, 2.50 σ below its mean of 30d, down from 4.91 - below 2 σ since 14:55 Shanghai',
  ],
  [
    breach('breach.reminder', {
      ...OVER_30D,
      measure: 'change(ex_tax_usd, 7d)',
      premium: null,
      legs: null,
      value: '-3.000000',
    }),
    'STILL WARNING silver: down 3.00 USD/oz in 7d, down from 4.91 - below 2 since 06:55 UTC',
  ],
  [
    breach('breach.reminder', { frozen: { state: 'stale', leg: 'east', since: '2026-01-29T07:45:00.000Z' } }),
    `STILL WARNING silver, not compared since 15:45 Shanghai (east stale): ${GAP} - above 5.50 since 14:55 Shanghai`,
  ],
  [
    breach('breach.raised', { began_at: '2026-01-28T01:00:00.000Z' }),
    `WARNING silver: ${GAP} - above 5.50 since 2026-01-28 09:00 Shanghai`,
  ],
  [
    breach('breach.raised', { simulated: true }),
    `SIMULATED PRICES: WARNING silver: ${GAP} - above 5.50 since 14:55 Shanghai`,
  ],
  [
    breach('channel.test', { test: true }),
    `TEST, nothing happened: WARNING silver: ${GAP} - above 5.50 since 14:55 Shanghai`,
  ],
] as const)('the first line alone is enough: %#', ([message, headline]) => {
  expect(wording(message).headline).toBe(headline)
})

test('the facts come in the order in which a treasurer asks for them', () => {
  const labels = wording(breach()).lines.map(({ label }) => label)
  expect(labels).toEqual([
    'What',
    'How much',
    'Change',
    'Last 6 h',
    'Why now',
    'Since',
    'Shanghai',
    'London',
    'Rate',
    'Tax',
    'Costs',
    'Evidence',
  ])
})

test('amounts have thousands separators, and many exposures are counted', () => {
  const exposures = Array.from({ length: 13 }, (_, i) => ({
    name: `e${i}`,
    cost_usd: '3799307.00',
    per: 'year',
  }))
  const costs = wording(breach('breach.raised', { exposures })).lines.filter(({ label }) => label === 'Costs')
  expect(costs[0]?.text).toBe('e0: 3,799,307.00 USD per year')
  expect(costs.at(-1)?.text).toBe('and 3 more exposures')
})

test('every message has one printable line to read and says what to do next or where to look', () => {
  for (const message of MESSAGES) {
    const { headline, lines } = wording(message)
    expect(headline.length).toBeGreaterThan(10)
    for (const text of [headline, ...lines.map((line) => line.text)]) expect(text).toMatch(/^\P{Cc}+$/u)
  }
})
