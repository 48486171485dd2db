/** The running server of a cluster: found, started, stopped. The caller holds the lock of the home. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { UserError } from '../../errors.ts'
import { PLAIN_ENVIRONMENT } from './binaries.ts'
import { dial } from './dial.ts'
import type { Home } from './home.ts'
import { freePort, isServerOf, logTail, readPidFile } from './traces.ts'

const PATIENCE_MS = 120_000
const STEP_MS = 25
const LOG_BYTES = 4 * 1024 * 1024

/** Small, sturdy, loopback only; nothing that needs much of /dev/shm. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  dynamic_shared_memory_type: 'mmap',
  max_parallel_workers_per_gather: '0',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  jit: 'off',
  ssl: 'off',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
}
const FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** A connection to the server that runs on this cluster; null where none does. Waits while one starts or stops. */
export async function findServer(home: Home): Promise<pg.Client | null> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  while (!patience.aborted) {
    const file = readPidFile(home.cluster)
    if (!file) return null
    const client = await dial(home, file.port)
    if (client) return client
    if (!isServerOf(home.cluster, file.pid)) {
      rmSync(join(home.cluster, 'postmaster.pid'), { force: true })
      return null
    }
    await sleep(STEP_MS)
  }
  const pid = readPidFile(home.cluster)?.pid
  throw new UserError(
    `The database server (process ${pid}) does not answer. End it (kill -9 ${pid}) and start again. ${logTail(home)}`,
    69,
  )
}

/** Starts the server, on `port` or on a free one, and waits until it answers (after a crash it recovers first). */
export async function startServer(
  home: Home,
  bin: string,
  durable: boolean,
  port: number | null,
): Promise<pg.Client> {
  for (let attempt = 1; attempt <= 60; attempt++) {
    const begin = rotateLog(home)
    const chosen = port ?? (await freePort(home, attempt))
    const server = launch(home, bin, durable, chosen)
    const client = await answer(home, chosen, server).catch(async (error) => {
      await stopServer(home)
      throw error
    })
    if (client) return client
    const said = logTail(home, begin)
    const passing =
      /could not bind|could not create any TCP|lock file .* already exists|shared memory block/.test(said)
    if (!passing) throw new UserError(`The database server did not start. ${said}`, 69)
    const found = await findServer(home)
    if (found) return found
    await sleep(500)
  }
  throw new UserError(`The database server did not start. ${logTail(home)}`, 69)
}

/** Asks the server to stop, waits until it has, and insists when that takes too long. */
export async function stopServer(home: Home): Promise<void> {
  const pid = readPidFile(home.cluster)?.pid
  if (!isServerOf(home.cluster, pid)) return
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGKILL']
  for (const signal of signals) {
    if (pid) process.kill(pid, signal)
    const patience = AbortSignal.timeout(30_000)
    while (!patience.aborted) {
      if (!isServerOf(home.cluster, pid)) return
      await sleep(STEP_MS)
    }
  }
}

function launch(home: Home, bin: string, durable: boolean, port: number): ChildProcess {
  const settings = { ...SETTINGS, ...(durable ? {} : FORGETFUL), port: String(port) }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(home.log, 'a', 0o600)
  // A session of its own: Ctrl-C at the terminal is for us, not for the server.
  const server = spawn(join(bin, 'postgres'), ['-D', home.cluster, ...args], {
    ...home.account,
    ...{ cwd: home.folder, env: PLAIN_ENVIRONMENT, detached: true, stdio: ['ignore', log, log] },
  })
  closeSync(log)
  server.unref()
  return server
}

/** A connection once the server answers; null when it ends instead. */
async function answer(home: Home, port: number, server: ChildProcess): Promise<pg.Client | null> {
  let ended: Error | true | undefined
  server.once('error', (error) => {
    ended = error
  })
  server.once('exit', () => {
    ended ??= true
  })
  const patience = AbortSignal.timeout(PATIENCE_MS)
  while (!patience.aborted && !ended) {
    const client = readPidFile(home.cluster)?.pid === server.pid ? await dial(home, port) : null
    if (client) return client
    await sleep(STEP_MS)
  }
  if (ended instanceof Error)
    throw new UserError(`The database server cannot be started: ${ended.message}`, 69, { cause: ended })
  return null
}

/** Keeps one old log; answers with how much of the log is old news. */
function rotateLog(home: Home): number {
  const size = statSync(home.log, { throwIfNoEntry: false })?.size ?? 0
  if (size < LOG_BYTES) return size
  renameSync(home.log, `${home.log}.1`)
  return 0
}
