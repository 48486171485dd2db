/** What a server leaves in the file system and the process table: its pid file, its port, its log. */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Home } from './home.ts'

const TAIL_BYTES = 4096
const TAIL_LINES = 8

/** What postmaster.pid says, true or not; null where there is none. */
export function readPidFile(cluster: string): { pid: number; port: number } | null {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    return pid > 0 && port > 0 ? { pid, port } : null
  } catch {
    return null
  }
}

/** Whether that process lives and is a server of this cluster: numbers of processes are used again. */
export function isServerOf(cluster: string, pid: number | undefined): boolean {
  if (!pid) return false
  try {
    const command = existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ')
      : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes(` ${cluster} `)
  } catch {
    return false
  }
}

/** The port of last time, so that urls people have noted stay true; another one from the second attempt on. */
export async function freePort(home: Home, attempt: number): Promise<number> {
  const file = join(home.folder, 'port')
  if (attempt === 1 && existsSync(file)) return Number(readFileSync(file, 'utf8'))
  const port = await new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
  writeFileSync(file, String(port))
  return port
}

/** The last lines of the server's log after `begin` bytes, as a sentence. */
export function logTail(home: Home, begin = 0): string {
  if (!existsSync(home.log)) return `There is no log in ${home.log}.`
  const { size } = statSync(home.log)
  const start = Math.max(begin, size - TAIL_BYTES)
  const bytes = Buffer.alloc(Math.max(0, size - start))
  const log = openSync(home.log, 'r')
  readSync(log, bytes, 0, bytes.length, start)
  closeSync(log)
  const lines = bytes.toString().trimEnd().split('\n').slice(-TAIL_LINES)
  return `Its log, ${home.log}, ends with:\n${lines.map((line) => `  ${line}`).join('\n')}`
}
