/** One process at a time in a folder. The kernel frees the lock when its holder dies, however it dies. */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../errors.ts'

const PATIENCE_MS = 360_000
const SQLITE_BUSY = 5

/** Runs `work` while no other process holds `file`. SQLite serves for its portable file locks only; nothing is stored. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    for (let waited = 0; !taken(lock); waited += 20) {
      if (waited >= PATIENCE_MS)
        throw new UserError(`Another process has held ${file} for too long. End it, then try again.`, 69)
      await sleep(20)
    }
    return await work()
  } finally {
    lock.close()
  }
}

function taken(lock: DatabaseSync): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false
    throw error
  }
}
