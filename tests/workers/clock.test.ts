import { pino } from 'pino'
import { expect, test } from 'vitest'
import { skewBetween } from '../../src/clock.ts'
import { checkDatabase } from '../../src/doctor/database.ts'
import { openClock } from '../../workers/clock.ts'
import { openHealth } from '../../workers/health.ts'
import { freshDatabase } from '../database.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 2, 2) + ms)

test.for([
  ['between question and answer', 5, [0, 10], 0, 'fine'],
  ['two seconds before the question', 0, [2_000, 2_010], 2_000, 'fine'],
  ['more than that before it', 0, [2_001, 2_010], 2_001, 'off'],
  ['after the answer', 3_010, [0, 10], -3_000, 'off'],
  ['half a minute before it', 0, [30_000, 30_010], 30_000, 'off'],
  ['more than half a minute before it', 0, [30_001, 30_010], 30_001, 'wrong'],
  ['more than half a minute after it', 30_011, [0, 10], -30_001, 'wrong'],
] as const)("a database's clock that shows a time %s is judged", ([, clock, [asked, answered], ms, is]) => {
  expect(skewBetween(at(clock), at(asked), at(answered))).toMatchObject({ ms, is })
})

test('a clock that is a minute off is no clock to start with: the message says what was found and what to do', async () => {
  await using database = await freshDatabase()
  const now = () => new Date(Date.now() - 60_000)
  await expect(openClock({ database, now, log: pino({ level: 'silent' }) })).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 1,
    message: expect.stringMatching(
      /^Not started: this machine's clock is [\d.]+ s behind the database's.*NTP.*start again/,
    ),
  })
})

test('a clock that is some seconds off is told to the log once, to /readyz, and to doctor', async () => {
  await using database = await freshDatabase()
  const logged: { level: number; msg: string }[] = []
  const log = pino({}, { write: (line: string) => logged.push(JSON.parse(line)) })
  const now = () => new Date(Date.now() + 25_000)
  await using clock = await openClock({ database, now, log })
  await expect.poll(() => logged.length).toBe(1)
  expect(logged[0]).toMatchObject({
    level: 40,
    msg: expect.stringContaining("ahead of the database's: set both by NTP"),
  })
  expect(clock.skew().ms).toBeGreaterThan(2_000)
  const parts = { host: '127.0.0.1', port: 0, checks: { clock: clock.check }, metrics: async () => '' }
  await using health = await openHealth(parts)
  const ready = await fetch(`http://127.0.0.1:${health.port}/readyz`)
  expect(ready.status).toBe(200)
  expect(await ready.json()).toMatchObject({
    ready: true,
    clock: { ok: true, reason: expect.stringContaining('ahead') },
  })
  const findings = await checkDatabase(database, now, false)
  expect(findings).toContainEqual(expect.objectContaining({ check: 'clock', is: 'warn' }))
})

test('a process whose clock goes wrong while it runs is not ready', async () => {
  await using database = await freshDatabase()
  let ahead = 0
  const now = () => new Date(Date.now() + ahead)
  const log = pino({ level: 'silent' })
  await using clock = await openClock({ database, now, log })
  expect(await clock.check()).toBeUndefined()
  ahead = 31_000
  await expect(clock.check()).rejects.toThrow("ahead of the database's")
})
