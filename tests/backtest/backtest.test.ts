import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { backtest, type Report } from '../../src/backtest/backtest.ts'
import { compare } from '../../src/backtest/compare.ts'
import { breachesCsv } from '../../src/backtest/csv.ts'
import { fileSource } from '../../src/backtest/files.ts'
import { reportJson } from '../../src/backtest/json.ts'
import { type Span, storedSource } from '../../src/backtest/source.ts'
import { comparisonText, reportText } from '../../src/backtest/text.ts'
import type { PairSpec } from '../../src/engine/spec.ts'
import { compilePairs } from '../../src/evaluation/pairs.ts'
import { suspectTexts } from '../../src/import/screen.ts'
import { CHANNELS, configFrom } from '../config.ts'
import { openDesk } from '../import/desk.ts'
import { daysOf, RULES } from './history.ts'

const ALL: Span = { from: null, to: null }
const NOW = Date.UTC(2026, 2, 2)

function config(silver = RULES) {
  return configFrom({ 'metals/silver.yaml': silver, 'channels.yaml': CHANNELS })
}

async function fileOf(lines: readonly string[]): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'metalgap-backtest-')), 'prices.csv')
  await writeFile(file, lines.join('\n'))
  return file
}

async function told(gaps: (number | null)[], budget: number | null = null, silver = RULES): Promise<Report> {
  const rules = await config(silver)
  await using source = await fileSource(rules, [await fileOf(daysOf(...gaps))], {}, ALL, NOW)
  return backtest(rules, source, { rule: null, budget })
}

const breachesOf = ({ rules }: Report) =>
  rules.flatMap(({ breaches }) =>
    breaches.map(({ raised_at, value, peak, cleared_at, end }) => {
      const day = (time: number) => new Date(time).toISOString().slice(8, 10)
      return `${day(raised_at)} ${value.toFixed(2)} peak ${peak.toFixed(2)} ${cleared_at === null ? '' : `${day(cleared_at)} ${end}`}`
    }),
  )

test('each breach is told with its raise, its peak, its clear and the reason', async () => {
  const report = await told([1, 3.5, 4, 2.5, 1.5, 1, 3.2])
  expect(breachesOf(report)).toEqual(['03 3.50 peak 4.00 06 cleared', '08 3.20 peak 3.20 '])
  expect(report.rules[0]).toMatchObject({ alerts: 2, flaps: 0, raise: '3.00', unit: 'USD/oz' })
})

test('the peak of a breach that is still raised is that of today', async () => {
  expect(breachesOf(await told([1, 3.5, 6, 4]))).toEqual(['03 3.50 peak 6.00 '])
})

test('a price that its source corrects later takes its alert back, then and not before', async () => {
  const rules = await config()
  const [head, ...lines] = daysOf(1, 3.5, 4, 1)
  const [, corrected = ''] = daysOf(1, 1.5).filter((line) => line.includes('shag'))
  const rows = [`${head},known_at`, ...lines.map((line) => `${line},`), `${corrected},2025-06-04T01:00:00Z`]
  await using source = await fileSource(rules, [await fileOf(rows)], {}, ALL, NOW)
  const report = await backtest(rules, source, { rule: null, budget: null })
  expect(breachesOf(report)).toEqual(['03 3.50 peak 1.50 04 retracted', '04 4.00 peak 4.00 05 cleared'])
  expect(report.pairs[0]?.corrections).toBe(1)
})

test('a price is corrected once, whatever the order of the lines', async () => {
  const rules = await config()
  const known = (price: string, day: number) =>
    `2025-06-02T11:00:00Z,lbma/silver,${price},2025-06-0${day}T12:00:00Z`
  const rows = ['time,series,price,known_at', known('30.00', 6), known('31.00', 5), known('30.00', 3)]
  await using source = await fileSource(rules, [await fileOf(rows)], {}, ALL, NOW)
  const spec = Object.values(compilePairs(rules))[0] as PairSpec
  const ticks = (await Array.fromAsync(source(spec))).flat()
  expect(ticks.map(({ revision, price }) => [revision, price])).toEqual([
    [1, 30],
    [2, 31],
    [3, 30],
  ])
})

test('more lines than are kept in memory are told in order, whatever theirs is', async () => {
  const rules = await config()
  const spec = Object.values(compilePairs(rules))[0] as PairSpec
  const begin = Date.UTC(2025, 5, 2)
  const lines = Array.from({ length: 35_000 }, (_, i) => {
    const series = ['sge-benchmark/shag-pm', 'lbma/silver', 'ecb/usdcny'][i % 3]
    return `${new Date(begin + i * 60_000).toISOString()},${series},${1 + (i % 100)}`
  })
  const told = async (shown: readonly string[]) => {
    const file = await fileOf(['time,series,price', ...shown])
    await using source = await fileSource(rules, [file], {}, ALL, NOW)
    const ticks = (await Array.fromAsync(source(spec))).flat()
    expect(ticks.findIndex(({ seen_at }, i) => seen_at < (ticks[i - 1]?.seen_at ?? 0))).toBe(-1)
    // what became known at one moment is told in the order of the lines
    return ticks.map(({ seen_at, series, price }) => `${seen_at} ${series} ${price}`).sort()
  }
  const forwards = await told(lines)
  expect(forwards).toHaveLength(lines.length)
  expect((await told(lines.toReversed())).join() === forwards.join()).toBe(true)
})

test('a rule that is raised within a day of its clear flaps', async () => {
  const report = await told([3.5, 1, 3.5, 1, 3.5])
  expect(report.rules[0]).toMatchObject({ alerts: 3, flaps: 2 })
})

test('what was not compared is told with its cause and its length', async () => {
  const silent = Array.from({ length: 12 }, () => null)
  const [pair] = (await told([1, ...silent, 1])).pairs
  const stale = pair?.suppressed.find(({ why }) => why === 'east stale')
  expect(stale?.spells).toBe(1)
  expect(stale?.ticks).toBeGreaterThan(10)
  expect((stale?.ms ?? 0) / 86_400_000).toBeCloseTo(8, 0)
})

test('stored history and the file that it came from give the same report, batch by batch or at once', async () => {
  await using desk = await openDesk(RULES)
  const lines = daysOf(1, 3.5, 4, null, 2.5, 1.5, 1, 3.2, 1)
  await desk.load(lines)
  const rules = desk.context.config
  const wishes = { rule: null, budget: null }
  const stored = await backtest(rules, storedSource(desk.context.database.url, ALL), wishes)
  await using source = await fileSource(rules, [await fileOf(lines)], {}, ALL, NOW)
  const filed = await backtest(rules, source, wishes)
  const plain = (report: Report) => JSON.stringify(reportJson(report))
  expect(plain(stored)).toBe(plain(filed))
})

/** The gap of a date, told once more in other words. */
const again = (day: number, gap: number) =>
  daysOf(...Array.from({ length: day }, () => gap))
    .filter((line) => line.includes('shag'))
    .at(-1) as string

test('a correction that nobody dated is known now, and prolongs no history', async () => {
  const rules = await config()
  const file = await fileOf([...daysOf(1, 3.5, 4), again(2, 1.5), again(3, 1.5)])
  const report = await backtest(rules, await fileSource(rules, [file], {}, ALL, NOW), {
    rule: null,
    budget: 1,
  })
  const whole = await told([1, 3.5, 4], 1)
  const { from, to, suppressed } = whole.pairs[0] ?? {}
  expect(report.pairs[0]).toMatchObject({ from, to, suppressed })
  expect(report.rules[0]?.breaches).toMatchObject([{ value: 3.5, cleared_at: NOW, end: 'retracted' }])
  const { alerts_per_month, raised_share, longest_ms, months, budget } = whole.rules[0] ?? {}
  expect(report.rules[0]).toMatchObject({ alerts_per_month, raised_share, longest_ms, months, budget })
})

test('corrections of a file are dated as an import dates them', async () => {
  await using desk = await openDesk(RULES)
  const [head, ...lines] = daysOf(1, 3.5, 4, 1, 3.2, 4).map((line, i) => (i === 0 ? line : `${line},`))
  const known = (line: string, day: number) => `${line},2025-06-0${day}T01:00:00Z`
  const file = [
    `${head},known_at`,
    known(again(2, 1.5), 4),
    ...lines,
    known(again(3, 1.7), 9),
    known(again(3, 1.8), 6),
    known(again(3, 1.7), 8),
    `${again(5, 2.5)},`,
    `${again(5, 3.2)},`,
    `${again(5, 2.6)},`,
  ]
  await desk.load(file)
  const rules = desk.context.config
  for (const span of [ALL, { from: Date.UTC(2025, 5, 4), to: Date.UTC(2025, 6, 1) }]) {
    const stored = storedSource(desk.context.database.url, span)
    await using filed = await fileSource(rules, [await fileOf(file)], {}, span, NOW)
    const [one, other] = await Promise.all(
      [stored, filed].map((source) => backtest(rules, source, { rule: null, budget: 1 })),
    )
    const plain = (report: Report | undefined) => (report === undefined ? null : reportJson(report))
    expect(plain(other)).toEqual(plain(one))
    expect(one?.pairs[0]?.corrections).toBeGreaterThan(0)
  }
})

test('a span takes what became known in it, and the rules begin with no memory', async () => {
  const rules = await config()
  const file = await fileOf(daysOf(3.5, 1, 1, 3.6, 1))
  const from = Date.UTC(2025, 5, 4)
  await using source = await fileSource(rules, [file], {}, { from, to: null }, NOW)
  expect(breachesOf(await backtest(rules, source, { rule: 'silver-gap', budget: null }))).toEqual([
    '05 3.60 peak 3.60 06 cleared',
  ])
})

test('a pair without prices has a line, and no figures of nothing', async () => {
  const rules = await config()
  const span = { from: Date.UTC(2030, 0, 1), to: null }
  await using source = await fileSource(rules, [await fileOf(daysOf(3.5, 1))], {}, span, NOW)
  const report = await backtest(rules, source, { rule: 'silver-gap', budget: null })
  expect(reportText(report)).toEqual([
    'silver-live: no prices of sge-benchmark/shag-pm, lbma/silver, ecb/usdcny in what was looked at. metalgap import brings history.',
    '',
  ])
})

test('a budget names the bounds nearest to the market that would have kept to it', async () => {
  const wave = Array.from({ length: 60 }, (_, i) => (i % 4 < 2 ? 1 : i % 8 < 4 ? 3.5 : 4.5))
  const loud = await told(wave)
  expect(loud.rules[0]?.alerts).toBe(15)
  const { budget } = (await told(wave, 4)).rules[0] ?? {}
  expect(budget).toMatchObject({ raise: '3.51', clear: '2.51', alerts: 7 })
  const none = (await told(wave, 0)).rules[0]?.budget
  expect(none).toMatchObject({ raise: '4.51', alerts: 0 })
})

test('a budget leaves further levels where they are, and says how often each would be told', async () => {
  const wave = Array.from({ length: 60 }, (_, i) => (i % 4 < 2 ? 1 : i % 8 < 4 ? 3.5 : 4.5))
  const levels =
    '[{ severity: critical, raise: 4.00, clear: 3.00 }, { severity: critical, raise: 6.00, clear: 5.00 }]'
  const leveled = RULES.replace('severity: warning', `severity: warning\n    levels: ${levels}`)
  const at_four = await told(wave, 4, leveled)
  expect(at_four.rules[0]?.budget).toMatchObject({
    raise: '3.51',
    levels: [
      { severity: 'critical', raise: '4.00', alerts: 7, beyond: true },
      { severity: 'critical', raise: '6.00', alerts: 0, beyond: true },
    ],
  })
  const text = reportText(await told(wave, 0, leveled)).join('\n')
  expect(text).toMatch(/level critical at 4\.00: 7 alerts by itself, must move beyond 4\.51/)
  expect(text).toMatch(/level critical at 6\.00: 0 alerts by itself, left as it is/)
})

const over = (measure: string, raise: string, clear: string) =>
  RULES.replace('measure: as_quoted_usd', `measure: { ${measure} }`)
    .replace('raise: 3.00', `raise: ${raise}`)
    .replace('clear: 2.00', `clear: ${clear}`)

test('measures over history are told as they are live: change, percentile and z-score', async () => {
  const calm = Array.from({ length: 40 }, (_, i) => 1 + (i % 4) / 10)
  const jump = [...calm, 4, 1, 1.1, 1.2]
  const report = async (measure: string, raise: string, clear: string) =>
    breachesOf(await told(jump, null, over(measure, raise, clear)))
  expect(await report('change: as_quoted_usd, over: 10d', '2', '1')).toEqual(['12 2.80 peak 2.80 13 cleared'])
  expect(await report('zscore: as_quoted_usd, over: 60d', '3', '2')).toEqual([
    expect.stringMatching(/^12 \d\d\.\d\d peak \d\d\.\d\d 13 cleared$/),
  ])
  const highs = await report('percentile: as_quoted_usd, over: 60d', '100', '90')
  expect(highs).toHaveLength(3)
  expect(highs.at(-1)).toMatch(/^11 100\.00 peak 100\.00 13 cleared$/)
})

test('a budget for a percentile stays between 0 and 100, and says so where no bound keeps to it', async () => {
  const climbing = Array.from({ length: 60 }, (_, i) => 1 + i / 50 - (i % 3 === 0 ? 0.9 : 0))
  const high = over('percentile: as_quoted_usd, over: 60d', '80', '60')
  const text = reportText(await told(climbing, 0, high)).join('\n')
  expect(text).toMatch(
    /raise 100\.00, clear 80\.00 \(\d+ alerts, .* a month; no bound keeps to it, this is the furthest\)/,
  )
  const low = high.replace('above', 'below').replace('80', '20').replace('60\n', '99\n')
  const [rule] = (await told(climbing, 0, low)).rules
  expect(Number(rule?.budget?.raise)).toBeGreaterThanOrEqual(0)
  expect(Number(rule?.budget?.clear)).toBeLessThanOrEqual(100)
})

test('two rule sets are held against each other breach by breach', async () => {
  const gaps = [1, 3.5, 1, 5.5, 1, 3.2, 1]
  const [one] = compare(await told(gaps), await told(gaps, null, RULES.replace('raise: 3.00', 'raise: 5.00')))
  expect(one).toMatchObject({ both: 1, only_ours: [{ value: 3.5 }, { value: 3.2 }], only_theirs: [] })
})

test('side by side each column adds up: one breach there may be two here', async () => {
  const gaps = [1, 3.5, 1.8, 3.5, 1, 5.5, 1]
  const lower = RULES.replace('raise: 3.00', 'raise: 1.50').replace('clear: 2.00', 'clear: 1.20')
  const text = comparisonText(compare(await told(gaps), await told(gaps, null, lower)), ['here', 'there'])
  const row = (title: string) =>
    text
      .find((line) => line.includes(title))
      ?.trim()
      .split(/\s{2,}/)
  expect(row('alerts')).toEqual(['alerts', '3', '2'])
  expect(row('in both')).toEqual(['in both', '3', '2'])
  expect(row('only here')).toEqual(['only here', '0', '0'])
})

test('prices of a file that look like another unit are told, as an import tells them', async () => {
  const rules = await config()
  const lines = daysOf(1, 1, 1).map((line) =>
    line.replace('2025-06-03,lbma/silver,30.00', '2025-06-03,lbma/silver,964.5'),
  )
  const file = await fileOf(lines)
  await using source = await fileSource(rules, [file], {}, ALL, NOW)
  expect(suspectTexts(source.suspected)).toEqual([
    '2 prices look suspicious; look at them before you trust what follows:',
    `  ${file}:6: 964.5 moved 3115.0 % from 30, 20 % allowed; 32.15 times looks like a mistaken unit`,
    expect.stringContaining(`${file}:9: 30.00 moved`),
  ])
})

test('on paper stand figures, a chart and every breach; as CSV a line for each', async () => {
  const report = await told([1, 3.5, 4, 2.5, 1.5])
  const text = reportText(report).join('\n')
  expect(text).toContain('silver-gap: as_quoted_usd above 3.00 USD/oz, clear at 2.00')
  expect(text).toMatch(/1 alert, 1 a month/)
  expect(text).toMatch(/2025-06 {2}█ 1/)
  expect(text).toMatch(/2025-06-03 \d\d:\d\d:\d\dZ +3\.50 +warning +4\.00 +2025-06-06/)
  expect(breachesCsv(report)[1]).toMatch(
    /^silver-gap,silver-live,as_quoted_usd,USD\/oz,2025-06-03T.*,3\.50\d+,warning,4\.0000\d\d,2025-06-06T.*,first,cleared$/,
  )
})

test.for([
  ['rule', RULES.replace('raise: 3.00', 'enabled: false\n    raise: 3.00')],
  ['pair', RULES.replace('align: date', 'align: date\n    enabled: false')],
])('a rule that is asked for by name is told even where its %s is switched off', async ([, silver]) => {
  const off = await config(silver)
  expect([off.rules['silver-gap']?.enabled, off.pairs['silver-live']?.enabled]).toContain(false)
  await using source = await fileSource(off, [await fileOf(daysOf(1, 3.5, 1))], {}, ALL, NOW)
  expect(breachesOf(await backtest(off, source, { rule: 'silver-gap', budget: null }))).toHaveLength(1)
  await expect(backtest(off, source, { rule: null, budget: null })).rejects.toThrow(
    'no rule that is switched on',
  )
})

test('a rule that only one of two configurations has is held against nothing', async () => {
  const other = await config(RULES.replace('silver-gap:', 'silver-other:'))
  await using source = await fileSource(other, [await fileOf(daysOf(1))], {}, ALL, NOW)
  const lacking = await backtest(other, source, { rule: 'silver-gap', budget: null, may_lack: true })
  const [one] = compare(await told([1, 3.5, 1]), lacking)
  expect(one).toMatchObject({ rule: 'silver-gap', theirs: null, both: 0, only_ours: [{ value: 3.5 }] })
})

test('a rule that nobody wrote is answered with the nearest name', async () => {
  const rules = await config()
  await using source = await fileSource(rules, [await fileOf(daysOf(1))], {}, ALL, NOW)
  await expect(backtest(rules, source, { rule: 'silver-gab', budget: null })).rejects.toThrow(
    'There is no rule "silver-gab" (did you mean "silver-gap"?)',
  )
})
