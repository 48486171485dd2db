import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { asLive, embeddedFolder } from '../../src/open-database.ts'
import { type RunFile, writeRunFile } from '../../src/run-file.ts'
import { readSettings } from '../../src/settings.ts'

const US = process.pid
const PARENT = process.ppid
const DEAD = 2 ** 30
const EMBEDDED = 'postgres://metalgap_reader:word@127.0.0.1:5/metalgap'

function run(pid: number, database = EMBEDDED): RunFile {
  return {
    pid,
    port: null,
    database,
    database_name: 'metals at db',
    queue: 'postgres',
    started: '2026-03-02T00:00:00Z',
  }
}

function folders(): { data: string; demo: string } {
  const data = mkdtempSync(join(tmpdir(), 'metalgap-where-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  return { data, demo: join(data, 'demo') }
}

function makeCluster(folder: string): void {
  mkdirSync(join(folder, 'postgres', 'cluster'), { recursive: true })
  writeFileSync(join(folder, 'postgres', 'cluster', 'PG_VERSION'), '18')
}

test('the live product is looked at while it runs, whatever the demo does', () => {
  const { data, demo } = folders()
  writeRunFile(data, run(US))
  writeRunFile(demo, run(PARENT))
  expect(embeddedFolder({ data })).toBe(data)
})

test('a demo that runs is looked at, although it announces itself in the folder of the live product', () => {
  const { data, demo } = folders()
  makeCluster(data)
  writeRunFile(data, run(US))
  writeRunFile(demo, run(US))
  expect(embeddedFolder({ data })).toBe(demo)
})

test('where nothing runs, the live database is looked at, else that of the last demo', () => {
  const { data, demo } = folders()
  makeCluster(demo)
  writeRunFile(data, run(DEAD))
  expect(embeddedFolder({ data })).toBe(demo)
  makeCluster(data)
  expect(embeddedFolder({ data })).toBe(data)
})

test('a process with a database of somebody else says which variable is missing', () => {
  const { data } = folders()
  writeRunFile(data, run(US, 'postgres://metalgap_reader@db.example.com/metals'))
  expect(() => embeddedFolder({ data })).toThrow(
    `Process ${US} uses the database metals at db. Set DATABASE_URL`,
  )
})

test('where there is nothing, nothing is made', () => {
  const { data } = folders()
  expect(() => embeddedFolder({ data })).toThrow('There is no database yet')
})

test('what belongs into the live database is not written into that of a demo', () => {
  const { data, demo } = folders()
  makeCluster(demo)
  const settings = readSettings({ METALGAP_DATA: data })
  expect(() => asLive(settings, async () => {})).toThrow(
    'this belongs into the live one. Run: metalgap migrate, or npm start',
  )
})
