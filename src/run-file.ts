/** `run.json` in the data folder: what other terminals and dashboards need to find the running process. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from './folder.ts'

export interface RunFile {
  pid: number
  /** null when METALGAP_PORT is off */
  port: number | null
  /** a url that reads `reporting` and nothing else */
  database: string
  database_name: string
  queue: 'postgres' | 'redis'
  /** ISO */
  started: string
}

const LOOK_MS = 2_000

/**
 * Writes it for this user's eyes only (mode 600), and again where another process of the folder has replaced it and
 * ended before this one. The disposer removes it, unless another process has replaced it.
 */
export function writeRunFile(data: string, content: RunFile, look_ms = LOOK_MS): Disposable {
  makeFolder(data)
  write(data, content)
  const looking = setInterval(() => writeWhereGone(data, content), look_ms).unref()
  return {
    [Symbol.dispose]() {
      clearInterval(looking)
      if (readRunFile(data)?.pid === content.pid) rmSync(pathOf(data), { force: true })
    },
  }
}

function pathOf(data: string): string {
  return join(data, 'run.json')
}

function write(data: string, content: RunFile): void {
  const fresh = `${pathOf(data)}.${content.pid}`
  rmSync(fresh, { force: true })
  writeFileSync(fresh, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(fresh, pathOf(data))
}

/** A folder that was deleted or is full is no reason to stop: the file only helps others to find this process. */
function writeWhereGone(data: string, content: RunFile): void {
  if (runningIn(data) !== null) return
  try {
    write(data, content)
  } catch {
    // the next look tries again
  }
}

/** Null when there is none. Its process may have been killed since: see `runningIn`. */
export function readRunFile(data: string): RunFile | null {
  try {
    return JSON.parse(readFileSync(pathOf(data), 'utf8')) as RunFile
  } catch {
    return null
  }
}

/** What runs with this data folder, null when nothing does. */
export function runningIn(data: string): RunFile | null {
  const run = readRunFile(data)
  return run !== null && isRunning(run) ? run : null
}

function isRunning({ pid }: Pick<RunFile, 'pid'>): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
