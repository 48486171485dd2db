/** `metalgap start` as a process of its own, against a source on loopback that counts who asks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { CHANNELS } from '../config.ts'
import { SILVER } from '../world.ts'
import type { Store } from './stores.ts'

const SCRIPT = fileURLToPath(new URL('../../bin/metalgap.js', import.meta.url))

export interface Source {
  url: string
  /** requests so far */
  requests: number
  /** held back until `release` */
  hold: boolean
  release(): void
}

/** A source that answers nonsense: what is polled matters here, not what it says. */
export async function openSource(): Promise<Source> {
  const held: ServerResponse[] = []
  const server = createServer((_, response) => {
    source.requests++
    if (source.hold) held.push(response)
    else response.end('nonsense')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  const source: Source = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: 0,
    hold: false,
    release() {
      source.hold = false
      for (const response of held) response.end('nonsense')
    },
  }
  return source
}

export interface Process {
  child: ChildProcess
  port: number
  /** what it logged so far */
  log(): string
  /** resolves with the exit code (128 + n for a signal that killed it is the shell's business) */
  ended: Promise<number | null>
}

export interface Given {
  store: Pick<Store, 'database' | 'redisUrl'>
  source: Source
  schedule?: string
  args?: string[]
  env?: Record<string, string>
}

/** Starts it and waits for its line `ready`. */
export async function startProcess(given: Given): Promise<Process> {
  const { child, log, ended } = spawnProcess(given)
  const line = await Promise.race([readyLine(child), ended.then((code) => `exit ${code}`)])
  const port = /"port":(\d+)/.exec(line)?.[1]
  if (port === undefined) throw new Error(`it did not start: ${line}\n${log()}`)
  return { child, port: Number(port), log, ended }
}

export function spawnProcess({ store, source, schedule = '* * * * * *', args = [], env = {} }: Given) {
  const folder = mkdtempSync(join(tmpdir(), 'metalgap-start-'))
  writeConfig(folder, source, schedule)
  const child = spawn(process.execPath, [SCRIPT, 'start', ...args], {
    env: {
      PATH: process.env['PATH'],
      ...{ METALGAP_CONFIG: folder, METALGAP_DATA: join(folder, 'data'), METALGAP_PORT: '0' },
      DATABASE_URL: store.database.url,
      ...(store.redisUrl === undefined ? {} : { REDIS_URL: store.redisUrl }),
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  child.stderr?.on('data', (chunk) => {
    text += String(chunk)
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, log: () => text, ended, data: join(folder, 'data') }
}

function writeConfig(folder: string, source: Source, schedule: string): void {
  mkdirSync(join(folder, 'metals'))
  writeFileSync(join(folder, 'metals/silver.yaml'), SILVER)
  writeFileSync(
    join(folder, 'feeds.yaml'),
    `feeds: { sina: { base_url: "${source.url}", schedule: "${schedule}" } }\n`,
  )
  writeFileSync(join(folder, 'channels.yaml'), CHANNELS)
  writeFileSync(join(folder, 'network.yaml'), 'allow_private: [127.0.0.0/8]\n')
}

async function readyLine(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  child.stderr?.on('data', (chunk) => {
    text += String(chunk)
    const line = text.split('\n').find((one) => one.includes('"msg":"ready"'))
    if (line !== undefined) resolve(line)
  })
  return promise
}
