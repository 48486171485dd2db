import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type RunFile, readRunFile, writeRunFile } from '../../src/run-file.ts'

const run = (pid: number): RunFile => ({
  pid,
  port: null,
  database: 'postgres://metalgap_reader@127.0.0.1/metalgap',
  database_name: 'metalgap at 127.0.0.1',
  queue: 'postgres',
  started: '2026-01-29T07:00:46.000Z',
})

test('of two processes in a folder the one that stays is found when the other has ended', async () => {
  const data = await mkdtemp(join(tmpdir(), 'metalgap-run-'))
  onTestFinished(() => rm(data, { recursive: true }))
  const stays = writeRunFile(data, run(process.pid), 10)
  const ends = writeRunFile(data, run(process.ppid), 10)
  expect(readRunFile(data)?.pid).toBe(process.ppid)
  ends[Symbol.dispose]()
  await expect.poll(() => readRunFile(data)?.pid).toBe(process.pid)
  stays[Symbol.dispose]()
  expect(readRunFile(data)).toBeNull()
})
