/** The same gap and bounds through Prometheus' own backfill of rules. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BEGIN, BOUNDS, MINUTE, RATE } from './history.ts'
import { round } from './machine.ts'

export interface Promtool {
  version: string
  /** of create-blocks-from rules */
  seconds: number
  minutes: number
  minutes_per_second: number
  rules: number
}

/** Null where there is no promtool, or no prometheus to ask for the series. */
export async function promtool(
  folder: string,
  minutes: number,
  gapAt: (i: number) => number,
): Promise<Promtool | null> {
  const version = versionOf()
  if (version === null) return null
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await writeSeries(join(folder, 'series.om'), minutes, gapAt)
  run(
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    join(folder, 'series.om'),
    join(folder, 'data'),
    '--max-block-duration=744h',
  )
  writeFileSync(join(folder, 'rules.yaml'), rules())
  await using server = await serve(folder)
  const began = performance.now()
  const span = ['--start', String(BEGIN / 1000), '--end', String(BEGIN / 1000 + (minutes - 1) * 60)]
  const how = ['--eval-interval=1m', `--url=${server.url}`, `--output-dir=${join(folder, 'out')}`]
  run('tsdb', 'create-blocks-from', 'rules', ...span, ...how, join(folder, 'rules.yaml'))
  const seconds = round((performance.now() - began) / 1000)
  return {
    version,
    seconds,
    minutes,
    minutes_per_second: Math.round(minutes / seconds),
    rules: BOUNDS.length,
  }
}

function versionOf(): string | null {
  try {
    return run('--version').split('\n')[0] ?? null
  } catch {
    return null
  }
}

function run(...args: string[]): string {
  return execFileSync('promtool', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  })
}

async function writeSeries(path: string, minutes: number, gapAt: (i: number) => number): Promise<void> {
  const out = createWriteStream(path)
  const series = { east: (i: number) => (30 + gapAt(i)) * RATE, west: () => 30, fx: () => RATE }
  for (const [name, valueAt] of Object.entries(series)) {
    out.write(`# TYPE ${name} gauge\n`)
    for (let i = 0; i < minutes; i++) {
      const line = `${name} ${valueAt(i)} ${(BEGIN + i * MINUTE) / 1000}\n`
      if (!out.write(line)) await once(out, 'drain')
    }
  }
  out.end('# EOF\n')
  await once(out, 'finish')
}

/** create-blocks-from evaluates recording rules only: each rule's condition on the premium, worked out from three series. */
function rules(): string {
  const each = BOUNDS.map(
    ({ raise }, i) => `  - { record: "rule_${i}", expr: "(east / fx - west) >= ${raise}" }`,
  )
  return `groups:\n- name: premium\n  interval: 1m\n  rules:\n${each.join('\n')}\n`
}

async function serve(folder: string): Promise<AsyncDisposable & { url: string }> {
  const { spawn } = await import('node:child_process')
  writeFileSync(join(folder, 'prometheus.yaml'), 'global: {}\n')
  const port = 39_090
  const server = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--storage.tsdb.retention.time=100y',
    ],
    { stdio: 'ignore' },
  )
  const url = `http://127.0.0.1:${port}`
  for (let i = 0; i < 100; i++) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.kill()
      await once(server, 'exit')
    },
  }
}
