import { describe, expect, it, test } from 'vitest'
import { mistakesIn, SILVER, silverAnd, silverWith } from './mistakes.ts'

const RULE_KEYS =
  'pair, measure, direction, raise, clear, for, clear_for, min_samples, max_gap, on_start, allow_flap, announce_eased, enabled, severity, levels, remind, mute, notify, shadow'
const NOTIFY = '    notify: [terminal]\n'
const FX = '    fx: { series: sina/usdcny, max_age: 30m }\n'
const EAST = '    east: { series: sge-delayed/ag-td, max_age: 45m }'
const rule = (more: string) => silverWith(NOTIFY, `${NOTIFY}${more}`)
const measured = (measure: string, raise = '5.50', clear = '5.00') => ({
  ...silverAnd({}),
  'metals/silver.yaml': SILVER.replace('as_quoted_usd', measure)
    .replace('5.50', raise)
    .replace('5.00', clear),
})
const entries = (more: string) => silverAnd({ 'metals/silver.yaml': `${SILVER}${more}` })

it('the example itself is good', async () => {
  expect(await mistakesIn(silverAnd({}))).toEqual([])
})

describe('one mistake in a metal is told with its place, what was found and what was expected', () => {
  test.for([
    [
      'a key that does not exist',
      rule('    remnid: 4h\n'),
      `17:5  rules.gap.remnid: unknown key, expected one of ${RULE_KEYS} (did you mean "remind"?)`,
    ],
    [
      'a bound that is missing',
      silverWith('    clear: 5.00\n', ''),
      '10:3  rules.gap.clear: missing, expected a number such as 5.50',
    ],
    [
      'a bound in words',
      silverWith('5.50', 'five'),
      '14:12  rules.gap.raise: found "five", expected a number such as 5.50',
    ],
    [
      "a bound in a programmer's way",
      silverWith('5.50', '1e3'),
      '14:12  rules.gap.raise: found "1e3", expected a number such as 5.50',
    ],
    [
      'a duration without its unit',
      silverWith('45m', '45'),
      '6:49  pairs.live.east.max_age: found 45, expected a duration such as 30s, 45m, 4h or 1d',
    ],
    [
      'clear beyond raise',
      silverWith('5.00', '6'),
      '15:12  rules.gap.clear: found 6, expected a value below raise (5.50)',
    ],
    [
      'clear beyond raise, below',
      silverWith('above', 'below'),
      '15:12  rules.gap.clear: found 5.00, expected a value above raise (5.50)',
    ],
    [
      'equal bounds',
      silverWith('5.00', '5.5'),
      '15:12  rules.gap.clear: found 5.5, equal to raise, expected a value below it, or allow_flap: true',
    ],
    [
      'a measure that does not exist',
      silverWith('as_quoted_usd', 'as_qouted_usd'),
      '12:14  rules.gap.measure: found "as_qouted_usd", expected one of as_quoted_usd, as_quoted_pct, ex_tax_usd, ex_tax_pct, landed_usd, landed_pct (did you mean "as_quoted_usd"?)',
    ],
    [
      'a measure over history of nothing that exists',
      measured('{ change: as_qouted_usd, over: 24h }'),
      '12:24  rules.gap.measure.change: found "as_qouted_usd", expected one of as_quoted_usd, as_quoted_pct, ex_tax_usd, ex_tax_pct, landed_usd, landed_pct (did you mean "as_quoted_usd"?)',
    ],
    [
      'a measure over history that is misspelt',
      measured('{ zscroe: as_quoted_usd, over: 30d }'),
      '12:16  rules.gap.measure.zscroe: unknown key, expected one of change, percentile, zscore, over (did you mean "zscore"?)',
    ],
    [
      'two measures over history at once',
      measured('{ change: as_quoted_usd, zscore: as_quoted_usd, over: 30d }'),
      '12:47  rules.gap.measure.zscore: found "as_quoted_usd", expected change alone, one measure a rule',
    ],
    [
      'a window of nothing',
      measured('{ over: 30d }'),
      '12:22  rules.gap.measure.over: found "30d", expected one of change, percentile, zscore beside it',
    ],
    [
      'a measure over history without its window',
      measured('{ zscore: as_quoted_usd }'),
      '12:5  rules.gap.measure.over: missing, expected a duration such as 30s, 45m, 4h or 1d',
    ],
    [
      'a window that is too short',
      measured('{ zscore: as_quoted_usd, over: 10s }'),
      '12:45  rules.gap.measure.over: found "10s", expected a window from 1m to 3650d',
    ],
    [
      'a percentile beyond 100',
      measured('{ percentile: as_quoted_usd, over: 30d }', '101'),
      '14:12  rules.gap.raise: found 101, expected a percentile from 0 to 100',
    ],
    [
      'a pair that does not exist',
      silverWith('pair: live', 'pair: liev'),
      '11:11  rules.gap.pair: found pair "liev", expected one of live (did you mean "live"?)',
    ],
    [
      'a channel that does not exist',
      silverWith('[terminal]', '[termnal]'),
      '16:14  rules.gap.notify.0: found channel "termnal", expected one of terminal (did you mean "terminal"?)',
    ],
    [
      'a level that is no further',
      rule('    levels: [{ severity: critical, raise: 5, clear: 4 }]\n'),
      '17:43  rules.gap.levels.0.raise: found 5, expected a value above that of the level before (5.50)',
    ],
    [
      'a level that is less severe',
      rule('    levels: [{ severity: info, raise: 8, clear: 7 }]\n'),
      '17:26  rules.gap.levels.0.severity: found info, expected at least that of the level before (warning)',
    ],
    [
      'legs of one origin',
      silverWith('sina/xag', 'sina/ag-td'),
      '7:21  pairs.live.west.series: found sina/ag-td of origin SGE, the origin of the east leg sge-delayed/ag-td too, expected another origin: the difference would be no premium',
    ],
    [
      'another metal',
      silverWith('sina/xag', 'sina/xau'),
      '7:21  pairs.live.west.series: found sina/xau, a price of gold, expected a price of silver',
    ],
    [
      'a rate as a leg',
      silverWith('sina/xag', 'ecb/usdcny'),
      '7:21  pairs.live.west.series: found ecb/usdcny, a rate, expected a price of silver',
    ],
    [
      'yuan without a rate',
      silverWith(FX, ''),
      /^5:3 {2}pairs\.live\.fx: missing fx, expected a rate such as .*ecb\/usdcny.*, because sge-delayed\/ag-td is quoted in CNY$/,
    ],
    [
      'a price as a rate',
      silverWith('sina/usdcny', 'sina/xag'),
      /^8:19 {2}pairs\.live\.fx\.series: found sina\/xag, which is no rate of CNY per USD/,
    ],
    [
      'a series that does not exist',
      silverWith('sina/xag', 'sina/xga'),
      /^7:21 {2}pairs\.live\.west\.series: found series "sina\/xga", expected one of .*\(did you mean "sina\/xag"\?\)$/,
    ],
    [
      'a band upside down',
      silverWith(EAST, `    plausible_premium: [50%, -50%]\n${EAST}`),
      '6:24  pairs.live.plausible_premium: found 50% to -50%, expected the lower bound first',
    ],
    [
      'half a band',
      silverWith(EAST, `    plausible_premium: [50%]\n${EAST}`),
      '6:24  pairs.live.plausible_premium: found a list, expected two percentages such as [-50%, 100%]',
    ],
    [
      'a leg without its age',
      silverWith(EAST, '    east: sge-delayed/ag-td'),
      '6:11  pairs.live.east: found "sge-delayed/ag-td", expected { series: ..., max_age: ... }',
    ],
    [
      'a unit that does not exist',
      silverWith('unit: oz', 'unit: ounce'),
      '3:7  unit: found "ounce", expected one of oz, g, kg, lb, t, mtu',
    ],
    [
      'an exposure in a unit that does not convert',
      entries('exposures:\n  paste: { amount: 10, unit: mtu, per: year, pair: live }\n'),
      '18:30  exposures.paste.unit: found mtu, expected a unit that converts to oz, the unit of silver',
    ],
    [
      'an exposure of nothing',
      entries('exposures:\n  paste: { amount: 0, unit: oz, per: year, pair: live }\n'),
      '18:20  exposures.paste.amount: found 0, expected more than 0',
    ],
    [
      'tax rates out of order',
      entries('tax:\n  china_vat: [{ from: 2019-04-01, rate: 0.13 }, { from: 2018-05-01, rate: 0.16 }]\n'),
      '18:57  tax.china_vat.1.from: found 2018-05-01 after 2019-04-01, expected the oldest rate first',
    ],
    [
      'a tax rate in percent',
      entries('tax:\n  china_vat: [{ from: 2019-04-01, rate: 13 }]\n'),
      '18:41  tax.china_vat.0.rate: found 13, expected a fraction such as 0.13',
    ],
    [
      'a key twice',
      silverWith('metal: silver', 'metal: silver\nmetal: gold'),
      '2:1  found a key a second time, expected each key once',
    ],
    [
      'a name with capitals',
      entries('exposures:\n  Paste: { amount: 10, unit: oz, per: year, pair: live }\n'),
      '18:3  exposures.Paste: found "Paste", expected a name of lower-case letters, digits and dashes',
    ],
    [
      'a name that every object of JavaScript has',
      entries('exposures:\n  constructor: { amount: 10, unit: oz, per: year, pair: live }\n'),
      '18:3  exposures.constructor: found "constructor", expected any name but this one',
    ],
    [
      'an alias of nothing',
      silverWith('title: Silver', 'title: *nothing'),
      '2:8  found an alias, expected its anchor before it',
    ],
  ] as const)('%s', async ([, texts, expected]) => {
    const [only, ...others] = await mistakesIn(texts)
    const told = only?.replace('config/metals/silver.yaml:', '')
    expect(others).toEqual([])
    if (typeof expected === 'string') expect(told).toBe(expected)
    else expect(told).toMatch(expected)
  })
})

describe('what is unusual but right', () => {
  test.for([
    [
      'equal bounds that are allowed',
      silverWith('    clear: 5.00\n', '    clear: 5.5\n    allow_flap: true\n'),
    ],
    [
      'several east legs',
      silverWith(
        EAST,
        '    east: [{ series: sge-delayed/ag-td, max_age: 45m }, { series: sina/ag-td, max_age: 4m }]',
      ),
    ],
    ['levels in order', rule('    levels: [{ severity: critical, raise: 8, clear: 7 }]\n')],
    ['the change over a window', measured('{ change: ex_tax_pct, over: 24h }', '-2', '-3')],
    ['a percentile', measured('{ percentile: as_quoted_pct, over: 30d }', '100', '0')],
    ['a z-score', measured('{ zscore: landed_usd, over: 30d }')],
    [
      'a metal alone, without pairs, channels or anything',
      { 'metals/tin.yaml': 'metal: tin\ntitle: Tin\nunit: t\n' },
    ],
    ['files in which everything is a comment', silverAnd({ 'feeds.yaml': '# feeds:\n', 'network.yaml': '' })],
  ] as const)('%s', async ([, texts]) => {
    expect(await mistakesIn(texts)).toEqual([])
  })
})

describe('mistakes of the folder', () => {
  test.for([
    ['no metal', {}, 'config/metals:1:1  no metal, expected at least one file metals/<metal>.yaml'],
    [
      'a misspelt file',
      silverAnd({ 'chanels.yaml': '' }),
      'config/chanels.yaml:1:1  found chanels.yaml, expected one of channels.yaml, feeds.yaml, policy.yaml, network.yaml (did you mean "channels.yaml"?)',
    ],
    [
      'another ending',
      silverAnd({ 'metals/gold.yml': '' }),
      'config/metals/gold.yml:1:1  found metals/gold.yml, expected the ending .yaml',
    ],
    [
      'a metal twice',
      {
        'metals/a.yaml': 'metal: tin\ntitle: Tin\nunit: t',
        'metals/b.yaml': 'metal: tin\ntitle: Tin\nunit: t',
      },
      'config/metals/b.yaml:1:8  metal: found "tin" a second time, expected a name that is unique over all metals',
    ],
    [
      'a huge file',
      silverAnd({ 'feeds.yaml': `# ${'x'.repeat(262_144)}` }),
      'config/feeds.yaml:1:1  found a file of 262146 bytes, expected at most 262144',
    ],
  ] as const)('%s', async ([, texts, expected]) => {
    expect(await mistakesIn(texts)).toEqual([expected])
  })

  it('aliases without end are refused before they are followed', async () => {
    const text = `feeds: &a {}\nmore: [${'*a, '.repeat(5_000)}*a]`
    const [first] = await mistakesIn(silverAnd({ 'feeds.yaml': text }))
    expect(first).toContain('found an alias, expected at most 100 of them')
  })

  it.for([
    ['a control character', String.raw`title: "Sil\0ver"`, 'found a control character or half a character'],
    ['half a character', String.raw`title: "\ud800"`, 'found a control character or half a character'],
    ['a key that JavaScript keeps to itself', 'title: Silver\n__proto__: { x: 1 }', '__proto__: found a key'],
    ['values in values without end', `title: ${'['.repeat(3_000)}`, 'expected fewer levels'],
  ] as const)('what YAML can write and nobody can use is told with its place: %s', async ([, text, told]) => {
    const lines = await mistakesIn(silverWith('title: Silver', text))
    expect(lines.join('\n')).toContain(told)
    expect(lines.join('\n')).not.toMatch(/[\0\ud800]/)
  })

  it('a name and a duration end somewhere', async () => {
    expect((await mistakesIn(silverWith('  gap:', `  ${'g'.repeat(81)}:`)))[0]).toContain(
      'expected a name of at most 80 characters',
    )
    expect((await mistakesIn(silverWith('45m', '9999999d')))[0]).toContain('expected at most 3650d')
  })

  it('aliases that multiply are refused', async () => {
    const laughs = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`)
    const [first] = await mistakesIn(silverAnd({ 'feeds.yaml': ['l0: &l0 [x]', ...laughs].join('\n') }))
    expect(first).toMatch(/^config\/feeds\.yaml:1:1 {2}found aliases that multiply, expected at most 100/)
  })
})

it('all mistakes of all files are told at once, in the order of files and lines', async () => {
  const told = await mistakesIn({
    'metals/silver.yaml': SILVER.replace('45m', '45x').replace('5.00', '6').replace('[terminal]', '[nobody]'),
    'channels.yaml': 'channels:\n  terminal: { kind: consle }\noperators: [nobody]\n',
    'feeds.yaml': 'feeds:\n  sina: { schedule: "* *", series: { xga: {} } }\n',
    'network.yaml': 'allow_private: [10.0.0.0/99]\n',
    'policy.yaml': 'events: [{ date: 2026-02-30, title: x, metals: [silver], source: y, verified: soon }]\n',
  })
  expect(told.map((line) => line.split(': ')[0])).toEqual([
    'config/channels.yaml:2:21  channels.terminal.kind',
    'config/channels.yaml:3:13  operators.0',
    'config/feeds.yaml:2:21  feeds.sina.schedule',
    'config/feeds.yaml:2:43  feeds.sina.series.xga',
    'config/metals/silver.yaml:6:49  pairs.live.east.max_age',
    'config/metals/silver.yaml:15:12  rules.gap.clear',
    'config/metals/silver.yaml:16:14  rules.gap.notify.0',
    'config/network.yaml:1:17  allow_private.0',
    'config/policy.yaml:1:18  events.0.date',
    'config/policy.yaml:1:79  events.0.verified',
  ])
})
