import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'

const before = vi.hoisted(() => ({ rename: (_path: string): void => {} }))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const renameSync: typeof real.renameSync = (from, to) => {
    before.rename(String(from))
    real.renameSync(from, to)
  }
  return { ...real, renameSync }
})
const { readFileSync, writeFileSync } = await import('node:fs')
const { withLock } = (await import(new URL('../../bin/lock.js', import.meta.url).href)) as {
  withLock(file: string, waiting: () => void, work: () => Promise<void>): Promise<void>
}

test('a lock that another process has just taken in place of a stale one is left to it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'metalgap-lock-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'lock')
  const other = `${hostname()} ${process.ppid}`
  await writeFile(file, `${hostname()} 999999999`)
  // between our look and our rename another process was faster
  before.rename = (path) => {
    before.rename = () => {}
    writeFileSync(path, other)
  }
  const told = Promise.withResolvers<void>()
  let worked = false
  const waiting = withLock(file, told.resolve, async () => {
    worked = true
  })
  await told.promise
  expect([worked, readFileSync(file, 'utf8')]).toEqual([false, other])
  await rm(file)
  await waiting
  expect(worked).toBe(true)
})
