import { describe, expect, test } from 'vitest'
import { mistakesIn, SILVER, silverAnd } from './mistakes.ts'

const CHANNELS = 'channels:\n  terminal: { kind: console }\n'
const EAST = 'east: { series: sge-delayed/ag-td, max_age: 45m }'
const LEVELS = '[{ severity: info, raise: 8, clear: 7 }]'

const channels = (more: string) => silverAnd({ 'channels.yaml': `${CHANNELS}${more}` })
const metal = (changes: Record<string, string>, more = '') => {
  const text = Object.entries(changes).reduce((silver, [from, to]) => {
    if (!silver.includes(from)) throw new Error(`the example has no ${from}`)
    return silver.replace(from, to)
  }, SILVER)
  return silverAnd({ 'metals/silver.yaml': `${text}${more}` })
}

describe('a mistake hides no other mistake of its entry', () => {
  test.for([
    [
      'a secret, and an address',
      channels('  risk: { kind: webhook, url: "https://10.0.0.1/x", secrets: [hunter2] }\n'),
      ['channels.risk.url', 'channels.risk.secrets.0'],
    ],
    [
      'a secret that is not given, and an address',
      channels('  risk: { kind: webhook, url: "https://10.0.0.1/x", secrets: [$' + '{NONE}] }\n'),
      ['channels.risk.url', 'channels.risk.secrets.0'],
    ],
    [
      'an address that is not given',
      channels('  chat: { kind: slack, url: $' + '{NONE}, time_zone: nowhere }\n'),
      ['channels.chat.url', 'channels.chat.time_zone'],
    ],
    [
      'a route to nobody, and an address',
      channels('  chat: { kind: slack, url: "https://10.0.0.1/x" }\nroutes: [{ match: { rule: nope } }]\n'),
      ['channels.chat.url', 'routes.0.notify', 'routes.0.match.rule'],
    ],
    [
      'two rules of a route that do not exist',
      channels('routes: [{ match: { rule: [nope, none] }, notify: [terminal] }]\n'),
      ['routes.0.match.rule.0', 'routes.0.match.rule.1'],
    ],
    [
      'an operator that is no name, and one that nobody knows',
      channels('operators: [3, nobody]\n'),
      ['operators.0', 'operators.1'],
    ],
    [
      'another metal, of the same origin',
      metal({ 'sina/xag': 'sge-delayed/au-td' }),
      ['pairs.live.west.series', 'pairs.live.west.series'],
    ],
    [
      'an age, and one origin',
      metal({ '45m': '45', 'sina/xag': 'sina/ag-td' }),
      ['pairs.live.east.max_age', 'pairs.live.west.series'],
    ],
    [
      'an age, and a rate that is none',
      metal({ '45m': '45', 'sina/usdcny': 'sina/xag' }),
      ['pairs.live.east.max_age', 'pairs.live.fx.series'],
    ],
    [
      'an age, and a band upside down',
      metal({ [EAST]: `plausible_premium: [50%, -50%]\n    ${EAST.replace('45m', '45')}` }),
      ['pairs.live.plausible_premium', 'pairs.live.east.max_age'],
    ],
    [
      'the unit of the metal, and another metal',
      metal({ 'unit: oz': 'unit: ounce', 'sina/xag': 'sina/xau' }),
      ['unit', 'pairs.live.west.series'],
    ],
    [
      'a bound, and the order of levels',
      metal({ '5.00': 'five' }, `    levels: ${LEVELS}\n`),
      ['rules.gap.clear', 'rules.gap.levels.0.severity'],
    ],
    ['a hold, and bounds', metal({ '5.00': '6' }, '    for: 5\n'), ['rules.gap.clear', 'rules.gap.for']],
    [
      'a percentile beyond 100, and bounds',
      metal({ as_quoted_usd: '{ percentile: as_quoted_usd, over: 30d }', '5.50': '101', '5.00': '102' }),
      ['rules.gap.raise', 'rules.gap.clear', 'rules.gap.clear'],
    ],
    [
      'of what an exposure is, and how much',
      metal({}, 'exposures:\n  paste: { amount: 0, unit: mtu, per: fortnight, pair: live }\n'),
      ['exposures.paste.amount', 'exposures.paste.unit', 'exposures.paste.per'],
    ],
    [
      'a tax rate, and their order',
      metal({}, 'tax:\n  china_vat: [{ from: 2019-04-01, rate: 13 }, { from: 2018-05-01, rate: 0.16 }]\n'),
      ['tax.china_vat.0.rate', 'tax.china_vat.1.from'],
    ],
    [
      'a rule of the same name in another metal, with a mistake in it',
      {
        ...metal({}),
        'metals/tin.yaml': 'metal: tin\ntitle: Tin\nunit: t\nrules: { gap: { pair: live } }\n',
      },
      expect.arrayContaining(['rules.gap', 'rules.gap.raise']),
    ],
    [
      'the years of a calendar, and a day twice',
      silverAnd({
        'calendars/own.yaml':
          'calendar: own\nzone: UTC\nsessions: []\nclosed: [2026-01-01, 2026-01-01]\nvalid: { from: soon, to: 2026-12-31 }\n',
      }),
      ['closed.1', 'valid.from'],
    ],
  ] as [string, Record<string, string>, string[]][])('%s', async ([, texts, expected]) => {
    const told = await mistakesIn(texts)
    const places = told.map((line) => /^\S+ {2}([^:]+): /.exec(line)?.[1])
    expect(places.toSorted()).toEqual(Array.isArray(expected) ? expected.toSorted() : expected)
  })
})
