import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { type Embedded, openEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'

const log = pino({ level: 'silent' })

function temporaryFolder() {
  const data = mkdtempSync(join(tmpdir(), 'metalgap-embedded-'))
  chmodSync(data, 0o755)
  return {
    data,
    open: (database?: string): Promise<Embedded> =>
      openEmbedded({ data, log, durable: false, ...(database ? { database } : {}) }),
    pid: () => Number(readFileSync(join(data, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]),
    [Symbol.dispose]: () => rmSync(data, { recursive: true, force: true }),
  }
}

async function ask(url: string, statement: string): Promise<unknown[]> {
  await using database = openDatabase(url)
  return (await database.query(statement)).rows
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('many may come at once: one server serves them all, and whoever leaves last stops it', async () => {
  using folder = temporaryFolder()
  const [one, two, three] = await Promise.all([folder.open(), folder.open(), folder.open('metalgap_demo')])
  expect(two?.url).toBe(one?.url)
  expect(await ask(three?.url ?? '', 'select current_database() as name')).toEqual([
    { name: 'metalgap_demo' },
  ])
  const pid = folder.pid()
  await one?.stop()
  await two?.stop()
  expect(isAlive(pid)).toBe(true)
  await three?.stop()
  // its end is heard of a moment later
  await expect.poll(() => isAlive(pid)).toBe(false)
  await three?.stop()
})

test('what was written is there at the next start, at the same address', async () => {
  using folder = temporaryFolder()
  const before = await folder.open()
  await ask(before.url, 'create table notes as select 42 as note')
  await before.stop()
  await using after = await folder.open()
  expect(after.url).toBe(before.url)
  expect(await ask(after.url, 'select note from notes')).toEqual([{ note: 42 }])
})

test('a server that is killed under a running program comes back at the same address', async () => {
  using folder = temporaryFolder()
  await using embedded = await folder.open()
  process.kill(folder.pid(), 'SIGKILL')
  let answer: unknown[] = []
  while (answer.length === 0) answer = await ask(embedded.url, 'select 1 as one').catch(() => sleep(20, []))
  expect(answer).toEqual([{ one: 1 }])
})

test('a pid file that names a program of somebody else is no server', async () => {
  using folder = temporaryFolder()
  await (await folder.open()).stop()
  const file = join(folder.data, 'postgres/cluster/postmaster.pid')
  writeFileSync(file, [process.pid, 'x', '0', '1', '', 'localhost', '', 'ready', ''].join('\n'), {
    mode: 0o600,
  })
  await using embedded = await folder.open()
  expect(await ask(embedded.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('what a killed first start left half made is swept away', async () => {
  using folder = temporaryFolder()
  mkdirSync(join(folder.data, 'postgres/cluster.new-abcdef/base'), { recursive: true })
  writeFileSync(join(folder.data, 'postgres/password'), 'of no use')
  await using embedded = await folder.open()
  expect(await ask(embedded.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('people read with a password of their own, which is the same at every start', async () => {
  using folder = temporaryFolder()
  await using embedded = await folder.open()
  await expect(embedded.readerUrl()).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining('migrate'),
  })
  await migrate(embedded.url)
  const url = await embedded.readerUrl()
  expect(await ask(url, 'select count(*) as prices from prices')).toEqual([{ prices: 0 }])
  await expect(ask(url, 'create temporary table mine (a int)')).rejects.toThrow('read-only')
  for (const other of ['postgres', 'template1'])
    await expect(ask(url.replace(/[^/]+$/, other), 'select 1')).rejects.toThrow('permission denied')
  expect(await embedded.readerUrl()).toBe(url)
})

test('a server that cannot start says so with the end of its log', async () => {
  using folder = temporaryFolder()
  await (await folder.open()).stop()
  rmSync(join(folder.data, 'postgres/cluster/global/pg_control'))
  await expect(folder.open()).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining('pg_control'),
  })
})

test('a folder that cannot be used is told with what to do', async () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.data, 'file'), '')
  const opening = openEmbedded({ data: join(folder.data, 'file'), log })
  await expect(opening).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining('METALGAP_DATA'),
  })
})

test.skipIf(process.getuid?.() !== 0)(
  'a folder that somebody else has made where everybody may is not used',
  async () => {
    using folder = temporaryFolder()
    chmodSync(folder.data, 0o1777)
    const data = join(folder.data, 'trap')
    mkdirSync(data)
    chownSync(data, 12_345, 12_345)
    await expect(openEmbedded({ data, log })).rejects.toMatchObject({
      exitCode: 69,
      message: expect.stringMatching(/trap was made by somebody else \(the user with id 12345\)/),
    })
  },
)
