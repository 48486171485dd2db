import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../../src/folder.ts'

test('a folder is made with those above it, again and again', () => {
  const base = mkdtempSync(join(tmpdir(), 'metalgap-folder-'))
  makeFolder(join(base, 'a/b/c'))
  makeFolder(join(base, 'a/b/c'))
  expect(statSync(join(base, 'a/b/c')).isDirectory()).toBe(true)
  rmSync(base, { recursive: true })
})

test('a folder that cannot be made is an error, also where Node would try for ever', () => {
  const base = mkdtempSync(join(tmpdir(), 'metalgap-folder-'))
  writeFileSync(join(base, 'file'), '')
  expect(() => makeFolder(join(base, 'file/below'))).toThrow('ENOTDIR')
  if (process.platform === 'linux') expect(() => makeFolder('/proc/x/y')).toThrow('ENOENT')
  rmSync(base, { recursive: true })
})
