/** `metalgap start` as a process of its own, on an embedded Postgres in a folder of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type RunFile, readRunFile } from '../../src/run-file.ts'

const SCRIPT = fileURLToPath(new URL('../../bin/metalgap.js', import.meta.url))
const LOOK_EVERY_MS = 5
const PATIENCE_MS = 60_000

export interface Started {
  pid: number
  /** epoch ms */
  spawned: number
  run: RunFile
  /** SIGTERM, and waits for the end */
  stop(): Promise<void>
}

/** Waits until it is ready; throws when it ends instead. */
export async function startProduct(folder: string, config: string): Promise<Started> {
  const data = join(folder, 'data')
  const spawned = Date.now()
  const child = spawn(process.execPath, [SCRIPT, 'start'], {
    env: {
      PATH: process.env['PATH'],
      ...{ METALGAP_CONFIG: config, METALGAP_DATA: data, METALGAP_PORT: '0', LOG_LEVEL: 'warn' },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const pid = child.pid ?? 0
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const run = readRunFile(data)
    if (run?.pid === pid) return { pid, spawned, run, stop }
    if (child.exitCode !== null) break
    await sleep(LOOK_EVERY_MS)
  }
  child.kill('SIGKILL')
  throw new Error('the product did not start')

  async function stop() {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}
