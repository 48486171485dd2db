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

/** Writes it for this user's eyes only (mode 600); the disposer removes it, unless another process has replaced it. */
export function writeRunFile(data: string, content: RunFile): Disposable {
  makeFolder(data)
  const path = join(data, 'run.json')
  const fresh = `${path}.${content.pid}`
  rmSync(fresh, { force: true })
  writeFileSync(fresh, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(fresh, path)
  return {
    [Symbol.dispose]() {
      if (readRunFile(data)?.pid === content.pid) rmSync(path, { force: true })
    },
  }
}

/** Null when there is none. Its process may have been killed since: see `isRunning`. */
export function readRunFile(data: string): RunFile | null {
  try {
    return JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as RunFile
  } catch {
    return null
  }
}

export function isRunning({ pid }: Pick<RunFile, 'pid'>): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
