/**
 * One process at a time, by a file that only one can make. Its holder touches it; one that nobody has touched for a
 * while, or whose process is gone, is taken away. Plain JavaScript for any Node from 20.
 */
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const TOUCH_MS = 2_000
const STALE_MS = 30_000
const LOOK_MS = 200

/** Runs `work` while no other process holds `file`; `waiting` is called once where that takes time. */
export async function withLock(file, waiting, work) {
  for (let told = false; !take(file); told = true) {
    if (!told) waiting()
    await sleep(LOOK_MS)
  }
  const touching = setInterval(() => touch(file), TOUCH_MS)
  try {
    return await work()
  } finally {
    clearInterval(touching)
    rmSync(file, { force: true })
  }
}

/** A lock that was taken away (this machine slept) is lost, and the work goes on: it must bear that. */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date())
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function take(file) {
  try {
    writeFileSync(file, `${hostname()} ${process.pid}`, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    const stale = staleIn(file)
    if (stale !== null) takeAway(file, stale)
    return false
  }
}

/**
 * Renamed first: of several that find it stale one succeeds, and the others look again. Where another was so fast that
 * what was renamed is its own, it gets it back.
 */
function takeAway(file, stale) {
  const away = `${file}.${process.pid}`
  try {
    renameSync(file, away)
    if (readFileSync(away, 'utf8') !== stale) linkSync(away, file)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  } finally {
    rmSync(away, { force: true })
  }
}

/** What stands in a lock that nobody holds any more; null where it is held, or gone. */
function staleIn(file) {
  try {
    const text = readFileSync(file, 'utf8')
    const [host, pid] = text.split(' ')
    const untouched = Date.now() - statSync(file).mtimeMs > STALE_MS
    return untouched || (host === hostname() && !isAlive(Number(pid))) ? text : null
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

function isAlive(pid) {
  // not yet written
  if (!pid) return true
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
