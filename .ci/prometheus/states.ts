/**
 * Random series through the engine and through the real promtool, with clear equal to raise: the same state at every minute.
 * `node .ci/prometheus/states.ts [series] [seed]`; docs/rules.md lists where the two differ on purpose, and nothing here goes there.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nameOf } from '../../src/engine/rules.ts'
import { newState } from '../../src/engine/state.ts'
import { fold } from '../../src/replay/replay.ts'
import { MINUTE, plainPair, rule } from '../../tests/engine/build.ts'

const count = Number(process.argv[2] ?? 10_000)
const seed = Number(process.argv[3] ?? 20_260_122)
const STEPS = 24
const HOLDS = [0, 1, 2, 3, 5, 8]
const BOUND = 3
const AT_ONCE = 250

const random = openRandom(seed)
const cases = Array.from({ length: count }, () => {
  const hold = HOLDS[Math.floor(random() * HOLDS.length)] as number
  // runs on one side of the bound, now and then the bound itself, as prices do and as holds need
  let high = random() < 0.5
  const values = Array.from({ length: STEPS }, () => {
    if (random() < 0.3) high = !high
    if (random() < 0.05) return BOUND
    return Math.round((high ? BOUND + random() * 2 : BOUND - random() * 2) * 100) / 100
  })
  return { hold, values }
})

/** `.` ok, `P` pending, `F` raised, one a minute. */
function ours({ hold, values }: (typeof cases)[number]): string {
  const level = { raise: BOUND, clear: BOUND, for_ms: hold * MINUTE, clear_for_ms: 0 }
  const spec = plainPair({ rules: [rule({ min_samples: 1, levels: [level] })] })
  let state = newState(spec)
  return values
    .map((value, i) => {
      const seen_at = i * MINUTE
      const tick = { at: seen_at, seen_at, revision: 1, quarantined: null }
      const west = { ...tick, tick_id: i * 2 + 1, series: 'west/0', price: 100 }
      const east = { ...tick, tick_id: i * 2 + 2, series: 'east/0', price: 100 + value }
      state = fold(spec, state, { is: 'ticks', seen_at, ticks: [west, east] }, () => {})
      const known = state.rules['silver-gap']
      const name = known === undefined ? 'ok' : nameOf(known)
      return name === 'ok' ? '.' : name === 'pending' ? 'P' : 'F'
    })
    .join('')
}

/** promtool fails where a state is not as we say: one file of many series asks for every minute of each. */
function ask(batch: readonly { hold: number; values: number[]; states: string }[], folder: string): string[] {
  const rules = HOLDS.map(
    (hold) => `  - { alert: gap${hold}, expr: 'gap{hold="${hold}"} >= ${BOUND}', for: ${hold}m }`,
  )
  writeFileSync(
    join(folder, 'rules.yaml'),
    `groups:\n- name: gaps\n  interval: 1m\n  rules:\n${rules.join('\n')}\n`,
  )
  const tests = batch.map(({ hold, values, states }, i) => {
    const checks = [...states].map((state, minute) => {
      const samples =
        state === '.'
          ? ''
          : ` { labels: 'ALERTS{alertname="gap${hold}",alertstate="${state === 'P' ? 'pending' : 'firing'}",hold="${hold}",series="${i}"}', value: 1 }`
      return `    - { expr: 'ALERTS', eval_time: ${minute}m, exp_samples: [${samples}] }`
    })
    const series = `    - { series: 'gap{series="${i}",hold="${hold}"}', values: '${values.join(' ')}' }`
    return `- name: series-${i}\n  interval: 1m\n  input_series:\n${series}\n  promql_expr_test:\n${checks.join('\n')}`
  })
  const file = join(folder, 'tests.yaml')
  writeFileSync(file, `rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n${tests.join('\n')}\n`)
  try {
    execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 28 })
    return []
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '')
  }
}

/** mulberry32: the same series for the same seed, everywhere. */
function openRandom(from: number): () => number {
  let a = from
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const folder = mkdtempSync(join(tmpdir(), 'metalgap-promtool-'))
const told = cases.map((one) => ({ ...one, states: ours(one) }))
const differences: string[] = []
for (let i = 0; i < told.length; i += AT_ONCE) differences.push(...ask(told.slice(i, i + AT_ONCE), folder))
rmSync(folder, { recursive: true, force: true })
const raised = told.filter(({ states }) => states.includes('F')).length
console.log(
  `promtool: ${count} series of ${STEPS} minutes (seed ${seed}), ${raised} of them raised; ` +
    (differences.length === 0 ? 'the same state at every minute' : 'DIFFERENT'),
)
for (const line of differences.slice(0, 20)) console.log(`  ${line}`)
if (differences.length > 0) process.exitCode = 1
