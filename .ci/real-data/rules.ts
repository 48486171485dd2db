/**
 * The shipped daily pair with rules of our own over five years of real prices, through the same backtest that operators run: breaches
 * and computed values must be those of the reviewed snapshot beside this file (no price stands in it). `--update` writes it anew.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backtest } from '../../src/backtest/backtest.ts'
import { breachesCsv } from '../../src/backtest/csv.ts'
import { fileSource } from '../../src/backtest/source.ts'
import { readTexts } from '../../src/config/files.ts'
import { configFrom } from '../../tests/config.ts'
import { table } from './table.ts'

const data = process.argv[2] ?? '../shared/data'
const SNAPSHOT = new URL('./snapshots/silver-2014-2018.csv', import.meta.url)

const RULES = `
  daily-gap-pct: { pair: silver-daily, measure: as_quoted_pct, direction: above, raise: 12, clear: 10, severity: warning, notify: [terminal] }
  daily-gap-held: { pair: silver-daily, measure: as_quoted_usd, direction: above, raise: 1.80, clear: 1.50, for: 2d, clear_for: 2d, severity: warning, levels: [{ severity: critical, raise: 2.40, clear: 2.00 }], notify: [terminal] }
  daily-discount: { pair: silver-daily, measure: ex_tax_pct, direction: below, raise: -9, clear: -8, for: 1d, severity: info, notify: [terminal] }
`

const shipped = await readTexts('config')
const silver = (shipped['metals/silver.yaml'] ?? '').replace(/^rules:$/m, `rules:${RULES.trimEnd()}`)
const config = await configFrom({ ...shipped, 'metals/silver.yaml': silver })
const folder = mkdtempSync(join(tmpdir(), 'metalgap-rules-'))
const file = join(folder, 'prices.csv')
writeFileSync(file, prices())
const span = { from: null, to: null }
const source = await fileSource(config, [file], undefined, span, Date.UTC(2026, 0))
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
  const files = [
    ['shfe-ag-daily.csv', 'close', 'sge-benchmark/shag-pm'],
    ['lbma-silver-daily.csv', 'usd_oz', 'lbma/silver'],
    ['ecb-usdcny-daily.csv', 'usdcny_cross', 'ecb/usdcny'],
  ] as const
  const rows = files.flatMap(([name, column, series]) =>
    table(join(data, name)).map((row) => `${row['date']},${series},${row[column]}`),
  )
  return ['date,series,price', ...rows].join('\n')
}
