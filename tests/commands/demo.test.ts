import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../database.ts'

// a machine that stands still while the gap is open sees the one of the next round
const LONG = { timeout: 600_000 }

function demo(args: string[], env: Record<string, string> = {}) {
  const data = mkdtempSync(join(tmpdir(), 'metalgap-demo-'))
  chmodSync(data, 0o755) // as root the server runs as another account, which must get in
  const child = spawn(process.execPath, ['bin/metalgap.js', 'demo', ...args], {
    env: { PATH: process.env['PATH'], METALGAP_DATA: data, ...env },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
  })
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(data, { recursive: true, force: true })
  })
  return { child, said, ended, data }
}

interface Event {
  event: string
  pair?: string
  type?: string
  [fact: string]: unknown
}

function eventsOf(out: string): Event[] {
  return out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Event)
}

test(
  'the gap opens, the alert arrives with a genuine signature, the gap closes, and SIGTERM ends it cleanly',
  LONG,
  async () => {
    const { child, said, ended, data } = demo(['--json'])
    const isOver = () => said.out.includes('"breach.cleared"')
    while (!isOver() && child.exitCode === null) await Promise.race([once(child.stdout, 'data'), ended])
    const second = demo([], { METALGAP_DATA: data })
    expect(await second.ended).toEqual([1, null])
    expect(second.said.err).toContain(`A demo runs already: process ${child.pid}, since `)
    child.kill('SIGTERM')
    expect(await ended, said.err).toEqual([0, null])
    const events = eventsOf(said.out)
    const silver = events.filter(({ pair, type }) => pair === 'silver-simulated' || type)
    expect(silver.map(({ event, type }) => type ?? event)).toEqual(
      expect.arrayContaining(['first_premium', 'raised', 'breach.raised', 'breach.cleared']),
    )
    expect(events.filter(({ type }) => type).map(({ verified }) => verified)).toEqual([true, true])
    expect(events.at(-1)).toMatchObject({
      event: 'summary',
      raised: 1,
      cleared: 1,
      deliveries: 2,
      verified: 2,
      sound: true,
    })
    expect(existsSync(join(data, 'demo/postgres/cluster/postmaster.pid'))).toBe(false)
  },
)

test(
  'with --for it ends by itself, and lines for people say that prices are simulated and where to look',
  LONG,
  async () => {
    await using database = await freshDatabase()
    const { said, ended } = demo(['--for', '3s'], { DATABASE_URL: database.url })
    expect(await ended, said.err).toEqual([0, null])
    expect(said.out).toMatch(/^SIMULATED PRICES/)
    expect(said.out).toContain('npx metalgap premiums')
    expect(said.out).toContain('psql "postgres://metalgap_reader@')
    expect(said.out).toContain('with SIMULATED PRICES\n')
    expect(said.out).not.toContain('\x1b')
  },
)

test('a database that holds live data is refused, and nothing is written to it', LONG, async () => {
  await using database = await freshDatabase()
  await database.query(
    `insert into metalgap.pairs (pair, metal, unit) values ('silver-live', 'silver', 'oz')`,
  )
  const { said, ended } = demo(['--for', '3s'], { DATABASE_URL: database.url })
  expect(await ended).toEqual([1, null])
  expect(said.err).toContain('holds live data (silver-live)')
  const { rows } = await database.query<{ feeds: number }>('select count(*) as feeds from metalgap.feeds')
  expect(rows).toEqual([{ feeds: 0 }])
})
