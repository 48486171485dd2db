import { expect, test } from 'vitest'
import type { ConfigError } from '../../src/config.ts'
import { CHANNELS, configFrom } from '../config.ts'

const OWN = `
own:
  fastmarkets:
    zone: Europe/London
    series:
      antimony:
        metal: antimony
        instrument: Antimony 99.65 % cif Rotterdam
        venue: Rotterdam
        origin: Fastmarkets
        kind: assessment
        currency: USD
        unit: t
        tax_basis: none
        fixing_time: "16:00"
  smm:
    zone: Asia/Shanghai
    series:
      antimony:
        metal: antimony
        instrument: Antimony ingot, China
        venue: China
        origin: SMM
        kind: assessment
        currency: CNY
        unit: t
        purity: 99.65 %
        tax_basis: inclusive
        max_move: 30%
        publication_lag: 1h
`
const ANTIMONY = `
metal: antimony
title: Antimony
unit: t
tax: { china_vat: [{ from: 2019-04-01, rate: 0.13 }] }
pairs:
  antimony-weekly:
    east: { series: smm/antimony, max_age: 3d }
    west: { series: fastmarkets/antimony, max_age: 3d }
    fx: { series: ecb/usdcny, max_age: 4d }
    align: date
`
const RULE = `
rules:
  antimony-gap: { pair: antimony-weekly, measure: ex_tax_pct, direction: below, raise: -30, clear: -20, notify: [terminal] }
`

const read = (own: string, metal = ANTIMONY) =>
  configFrom({ 'channels.yaml': CHANNELS, 'feeds.yaml': own, 'metals/antimony.yaml': metal })

/** Each mistake with its place. */
async function mistakesIn(from: string, to: string): Promise<string[]> {
  expect(OWN).toContain(from)
  const error = await read(OWN.replace(from, to)).catch((thrown: unknown) => thrown)
  return (error as ConfigError).findings.map(({ message }) => message)
}

test('a source of our own has series with every fact that a comparison needs, and is never polled', async () => {
  const { feeds, own, series, warnings } = await read(OWN)
  expect(series['fastmarkets/antimony']).toEqual({
    ...{ series: 'fastmarkets/antimony', feed: 'fastmarkets', metal: 'antimony', kind: 'assessment' },
    ...{ instrument: 'Antimony 99.65 % cif Rotterdam', venue: 'Rotterdam', origin: 'Fastmarkets' },
    ...{ currency: 'USD', unit: 't', purity: null, tax_basis: 'none', calendar: 'always' },
    ...{ zone: 'Europe/London', fixing_time: '16:00', max_move: 0.2, publication_lag_ms: 0 },
  })
  expect(series['smm/antimony']).toMatchObject({ max_move: 0.3, publication_lag_ms: 3_600_000 })
  expect(Object.keys(own)).toEqual(['fastmarkets', 'smm'])
  expect(feeds['smm']).toBeUndefined()
  expect(warnings).toEqual([])
})

test('a rule on prices that only an import brings is warned of: backtests see it, nobody is told', async () => {
  expect((await read(OWN, ANTIMONY + RULE)).warnings).toEqual([
    'rule antimony-gap tells nobody anything: smm/antimony, fastmarkets/antimony are imported, not polled; metalgap backtest --rule antimony-gap shows what it would have told',
  ])
})

test('a pair of imported prices needs no feed that is polled for its rate', async () => {
  expect((await read(`feeds: { ecb: { enabled: false } }${OWN}`)).warnings).toEqual([])
})

test('what a source of our own leaves out or gets wrong is a mistake with its place', async () => {
  expect(await mistakesIn('        origin: SMM\n', '')).toEqual([
    'own.smm.series.antimony.origin: missing, expected text',
  ])
  expect(await mistakesIn('unit: t\n        tax_basis: none', 'unit: null\n        tax_basis: none')).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^own\.fastmarkets\.series\.antimony\.unit: found null, /),
    ]),
  )
  expect(
    await mistakesIn('kind: assessment\n        currency: USD', 'kind: assessment\n        currency: EUR'),
  ).toEqual([
    expect.stringMatching(
      /^own\.fastmarkets\.series\.antimony\.currency: found "EUR", expected one of USD, CNY/,
    ),
  ])
  expect(await mistakesIn('max_move: 30%', 'calendar: smn')).toEqual([
    expect.stringMatching(/^own\.smm\.series\.antimony\.calendar: found /),
  ])
  expect(await mistakesIn('  smm:', '  sina:')).toEqual(
    expect.arrayContaining(['own.sina: found "sina", which is a feed of the program, expected another name']),
  )
})
