/** Metalgap as a process: the product polls simulated exchanges every second and dies where it is told to. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Database, openDatabase } from '../../src/store/database.ts'
import type { Point } from '../chaos/probe.ts'
import { writeConfiguration } from '../lib/configuration.ts'
import { openExchanges } from '../lib/exchanges.ts'

const START = fileURLToPath(new URL('../../bin/metalgap.js', import.meta.url))
const REPLICA = fileURLToPath(new URL('../chaos/replica.ts', import.meta.url))
const PATIENCE_MS = 60_000

export interface Product extends AsyncDisposable {
  /** `metalgap start` as anybody starts it */
  start(): Promise<void>
  /** the same on a clock that is ahead; it kills itself (SIGKILL) when it reaches `point` for the `nth` time */
  startDoomed(point: Point | '-', nth: number, ahead_ms: number): Promise<void>
  /** the prices cross the bound of the one rule, or go back */
  cross(): Promise<void>
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** until it is gone by itself */
  gone(): Promise<void>
  /** until the breach is cleared in Postgres */
  cleared(): Promise<void>
}

/** In a database of its own on this server; nothing is started yet. */
export async function openProcess(folder: string, server: Database, receiver: string): Promise<Product> {
  await using stack = new AsyncDisposableStack()
  const name = `fault_${randomUUID().replaceAll('-', '')}`
  await server.query(`create database ${name}`)
  const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).href
  const exchanges = stack.use(await openExchanges())
  const home = join(folder, name)
  mkdirSync(home)
  const env = {
    ...{ PATH: process.env['PATH'], DATABASE_URL: url, METALGAP_DATA: home },
    ...{ METALGAP_PORT: 'off', LOG_LEVEL: 'info' },
    METALGAP_CONFIG: writeConfiguration(home, {
      exchanges: exchanges.url,
      receiver,
      schedule: '* * * * * *',
    }),
  }
  const database = stack.use(openDatabase(url, { max: 1 }))
  let child: ChildProcess | null = null
  const gone = async () => {
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  const end = async (signal: NodeJS.Signals) => {
    child?.kill(signal)
    await gone()
  }
  stack.defer(() => end('SIGKILL'))
  const open = stack.move()
  return {
    async start() {
      child = spawn(process.execPath, [START, 'start'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
      await readyLine(child)
    },
    async startDoomed(point, nth, ahead_ms) {
      const told = ['ignore', 'ignore', 'inherit', 'ipc'] as const
      child = fork(REPLICA, [String(ahead_ms), point, String(nth)], {
        env: { ...env, LOG_LEVEL: 'fatal' },
        stdio: [...told],
      })
      await once(child, 'message')
    },
    cross: exchanges.step,
    end,
    gone,
    async cleared() {
      await until(async () => {
        const sql = 'select 1 from metalgap.breaches where cleared_at is not null'
        return (await database.query(sql)).rows.length > 0
      })
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** Looks until it is so; throws after a minute. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (const began = Date.now(); !(await isSo()); await sleep(100))
    if (Date.now() - began > PATIENCE_MS) throw new Error('it did not happen within a minute')
}

async function readyLine({ stderr }: ChildProcess): Promise<void> {
  let text = ''
  stderr?.on('data', (chunk) => {
    text += String(chunk)
  })
  await until(() => text.includes('"msg":"ready"'))
}
