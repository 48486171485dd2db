/**
 * The shipped daily pair with rules of our own over five years of real prices, through the same backtest that operators run: breaches
 * and computed values must be those of the reviewed snapshot beside this file (no price stands in it). `--update` writes it anew.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backtest } from '../../src/backtest/backtest.ts'
import { breachesCsv } from '../../src/backtest/csv.ts'
import { fileSource } from '../../src/backtest/files.ts'
import { readTexts } from '../../src/config/files.ts'
import { configFrom } from '../../tests/config.ts'
import { breachesOf, observations, type Prices, type Rule } from './reference.ts'
import { table } from './table.ts'

const data = process.argv[2] ?? '../shared/data'
const SNAPSHOT = new URL('./snapshots/silver-2014-2018.csv', import.meta.url)

const RULES = `
  daily-gap-pct: { pair: silver-daily, measure: as_quoted_pct, direction: above, raise: 12, clear: 10, severity: warning, notify: [terminal] }
  daily-gap-held: { pair: silver-daily, measure: as_quoted_usd, direction: above, raise: 1.80, clear: 1.50, for: 2d, clear_for: 2d, severity: warning, levels: [{ severity: critical, raise: 2.40, clear: 2.00 }], notify: [terminal] }
  daily-discount: { pair: silver-daily, measure: ex_tax_pct, direction: below, raise: -9, clear: -8, for: 1d, severity: info, notify: [terminal] }
`

/** The same rules for the reference, which reads no configuration. */
const REFERENCE: Rule[] = [
  {
    ...{ rule: 'daily-gap-pct', measure: 'as_quoted_pct', direction: 'above', hold: 0, clear_hold: 0 },
    levels: [{ severity: 'warning', raise: 12, clear: 10 }],
  },
  {
    ...{ rule: 'daily-gap-held', measure: 'as_quoted_usd', direction: 'above', hold: 2, clear_hold: 2 },
    levels: [
      { severity: 'warning', raise: 1.8, clear: 1.5 },
      { severity: 'critical', raise: 2.4, clear: 2 },
    ],
  },
  {
    ...{ rule: 'daily-discount', measure: 'ex_tax_pct', direction: 'below', hold: 1, clear_hold: 0 },
    levels: [{ severity: 'info', raise: -9, clear: -8 }],
  },
]

const SOURCES = [
  ['shfe-ag-daily.csv', 'close', 'sge-benchmark/shag-pm'],
  ['lbma-silver-daily.csv', 'usd_oz', 'lbma/silver'],
  ['ecb-usdcny-daily.csv', 'usdcny_cross', 'ecb/usdcny'],
] as const

const shipped = await readTexts('config')
const silver = (shipped['metals/silver.yaml'] ?? '').replace(/^rules:$/m, `rules:${RULES.trimEnd()}`)
const config = await configFrom({ ...shipped, 'metals/silver.yaml': silver })
const folder = mkdtempSync(join(tmpdir(), 'metalgap-rules-'))
const file = join(folder, 'prices.csv')
writeFileSync(file, prices())
const span = { from: null, to: null }
await using source = await fileSource(config, [file], {}, span, Date.UTC(2026, 0))
const report = await backtest(config, source, { rule: null, budget: null })
rmSync(folder, { recursive: true })

const found = [
  ...report.pairs
    .filter(({ ticks }) => ticks > 0)
    .flatMap(({ pair, observations, late, suppressed }) => [
      `# ${pair}: ${observations} observations, ${late} late`,
      ...suppressed.map(({ why, spells }) => `# ${why}: ${spells} spells`),
    ]),
  ...breachesCsv(report),
  '',
].join('\n')
if (process.argv.includes('--update')) writeFileSync(SNAPSHOT, found)
const expected = existsSync(SNAPSHOT) ? readFileSync(SNAPSHOT, 'utf8') : ''
const breaches = report.rules.reduce((sum, { alerts }) => sum + alerts, 0)
console.log(
  `rules over 2014 to 2018: ${breaches} breaches, ${found === expected ? 'as reviewed' : 'DIFFERENT'}`,
)
const told = found.split('\n').filter((line) => line.includes(',silver-daily,'))
const [east, west, rates] = SOURCES.map(([name, column]) => {
  const rows = table(join(data, name)).filter((row) => row[column])
  return new Map(rows.map((row) => [row['date'] ?? '', row[column] ?? '']))
}) as [Prices, Prices, Prices]
const seen = observations(east, west, rates)
const wanted = REFERENCE.flatMap((rule) => breachesOf(rule, seen))
const wrong = [
  ...wanted.filter((line) => !told.includes(line)),
  ...told.filter((line) => !wanted.includes(line)),
]
console.log(
  `worked out a second time: ${seen.length} observations, ${wanted.length} breaches of ${REFERENCE.length} rules, ${wrong.length} lines differ`,
)
for (const line of wrong.slice(0, 10))
  console.log(`  ${wanted.includes(line) ? 'missing' : 'too many'}: ${line}`)
if (wrong.length > 0) process.exitCode = 1
if (found !== expected) {
  const before = new Set(expected.split('\n'))
  for (const line of found
    .split('\n')
    .filter((one) => !before.has(one))
    .slice(0, 10))
    console.log(`  now: ${line}`)
  process.exitCode = 1
}

function prices(): string {
  const rows = SOURCES.flatMap(([name, column, series]) =>
    table(join(data, name)).map((row) => `${row['date']},${series},${row[column]}`),
  )
  return ['date,series,price', ...rows].join('\n')
}
