import { expect, test } from 'vitest'
import { checkNode } from '../../src/doctor/machine.ts'
import { type Standing, wantingIn } from '../../src/standing.ts'
import { downgrade } from '../../src/store/migrate.ts'
import { freshDatabase } from '../database.ts'
import { CALM } from '../prices.ts'
import { openWorld, pollAt, quote } from '../world.ts'
import { jsonLines, openTerminal } from './terminal.ts'

const at = new Date('2026-03-02T02:00:00Z')
const feed = { feed: 'sina', state: 'ok', time: at, failures_in_row: 0, last_error: null, last_tick_at: at }
const pair = {
  ...{
    pair: 'silver-live',
    unit: 'oz',
    time: at,
    as_quoted_usd: '1.1',
    as_quoted_pct: '3.6',
    age_seconds: '5',
  },
  ...{ comparability: 'comparable', is_imported: false, reason: '', last_error: null },
}
const well: Standing = {
  ...{ database: 'd', schema: 'current', feeds: [feed], pairs: [pair], breaches: [] },
  deliveries: { pending: 2, dead: 0, overdue_seconds: '-4' },
  channels: [
    {
      channel: 'risk',
      kind: 'webhook',
      disabled_at: null,
      disabled_reason: null,
      paused_until: null,
      pending: 2,
    },
  ],
}

test('all is well while feeds answer, pairs compare or their venues are closed, and everything told was heard', () => {
  expect(wantingIn(well)).toEqual([])
  expect(
    wantingIn({ ...well, pairs: [{ ...pair, comparability: 'closed', reason: 'east closed' }] }),
  ).toEqual([])
  expect(wantingIn({ ...well, pairs: [{ ...pair, comparability: null, is_imported: true }] })).toEqual([])
})

test.for([
  [{ schema: 'older' }, 'the schema is older: run metalgap migrate'],
  [{ feeds: [{ ...feed, state: 'failing', last_error: 'no route' }] }, 'feed sina is failing: no route'],
  [
    { pairs: [{ ...pair, comparability: 'stale', reason: 'west stale' }] },
    'silver-live cannot be compared: west stale',
  ],
  [
    { pairs: [{ ...pair, comparability: null, reason: null }] },
    'silver-live cannot be compared: no price yet',
  ],
  [
    { pairs: [{ ...pair, last_error: 'the engine failed' }] },
    'silver-live is left behind: the engine failed',
  ],
  [{ deliveries: { pending: 0, dead: 3, overdue_seconds: null } }, '3 deliveries were given up'],
  [{ deliveries: { pending: 1, dead: 0, overdue_seconds: '90' } }, 'deliveries wait that are due'],
] as const)('status finds wanting: %j', ([difference, sentence]) => {
  const found = wantingIn({ ...well, ...difference } as Standing)
  expect(found).toEqual([expect.stringContaining(sentence)])
})

test('status ends with 3 and says why when a breach is open', async () => {
  await using world = await openWorld('2026-03-02T00:00:00Z')
  quote(world, '02:00', { ...CALM, 'sina/ag-td': '8100.00' })
  await pollAt(world, '02:00:05')
  using terminal = openTerminal({}, { DATABASE_URL: world.database.url })
  const { code, stdout } = await terminal.metalgap('status')
  expect(code).toBe(3)
  expect(stdout).toMatch(/^RUNNING +nothing here/)
  expect(stdout).toContain('breach of silver-gap on silver-live is raised (warning)')
  const [json] = jsonLines((await terminal.metalgap('status', '--json')).stdout)
  expect(json).toMatchObject({
    running: null,
    schema: 'current',
    pairs: [{ pair: 'silver-live', as_quoted_usd: '5.991166' }],
    wanting: expect.arrayContaining([expect.stringContaining('silver-gap')]),
  })
  expect(JSON.stringify(json)).not.toContain(new URL(world.database.url).password)
})

test('migrate brings a database to this version, queue included, and --status only looks', async () => {
  await using database = await freshDatabase()
  await downgrade(database.url, 1)
  using terminal = openTerminal({}, { DATABASE_URL: database.url })
  const before = await terminal.metalgap('migrate', '--status', '--json')
  expect(before.code).toBe(3)
  expect(jsonLines(before.stdout)).toMatchObject([{ is: 'older', names: [expect.any(String)] }])
  const done = await terminal.metalgap('migrate')
  expect(done.code).toBe(0)
  expect(done.stdout.trim().split('\n')).toHaveLength(1)
  expect((await terminal.metalgap('migrate', '--status')).code).toBe(0)
  const { rows } = await database.query(`select 1 from pg_tables where schemaname = 'bullmq' limit 1`)
  expect(rows).toHaveLength(1)
})

test('doctor finds a sound machine sound', async () => {
  await using database = await freshDatabase()
  using terminal = openTerminal({}, { DATABASE_URL: database.url, METALGAP_PORT: 'off' })
  await terminal.metalgap('migrate')
  const { code, stdout } = await terminal.metalgap('doctor', '--json')
  const [{ healthy, findings } = {}] = jsonLines(stdout)
  expect({ code, healthy }).toEqual({ code: 0, healthy: true })
  expect((findings as { check: string }[]).map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      'node',
      'disk',
      'port',
      'config',
      'calendars',
      'database',
      'migrations',
      'clock',
      'listen',
      'queue',
    ]),
  )
})

test('doctor goes on where something is broken, says what to do, and ends with 3', async () => {
  using terminal = openTerminal(
    { 'channels.yaml': 'channels: { c: { kind: consol } }\n' },
    {
      DATABASE_URL: 'postgres://me:hidden@127.0.0.1:9/metals',
      REDIS_URL: 'redis://127.0.0.1:9',
      METALGAP_PORT: 'off',
    },
  )
  const { code, stdout } = await terminal.metalgap('doctor')
  expect(code).toBe(3)
  expect(stdout).toMatch(/config +FAIL/)
  expect(stdout).toMatch(/database +FAIL +The database metals at 127\.0\.0\.1:9 cannot be used/)
  expect(stdout).toMatch(/redis +FAIL/)
  expect(stdout).not.toContain('hidden')
})

test('doctor knows which Node is new enough', () => {
  expect(checkNode('v24.12.0').is).toBe('ok')
  expect(checkNode('v26.0.1').is).toBe('ok')
  expect(checkNode('v24.11.9')).toMatchObject({ is: 'fail', advice: expect.stringContaining('24.12') })
  expect(checkNode('v22.30.0').is).toBe('fail')
})

test('database prints a url that reads the views, and a line for psql', async () => {
  using terminal = openTerminal({}, { DATABASE_URL: 'postgres://owner:hidden@db.example.com:5433/metals' })
  const { code, stdout } = await terminal.metalgap('database')
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'postgres://metalgap_reader@db.example.com:5433/metals\n',
  })
  expect((await terminal.metalgap('database', '--psql')).stdout).toMatch(/^psql 'postgres:.*' -c 'select/)
})

test('database prints no password, wherever the url holds it', async () => {
  const DATABASE_URL = 'postgres://db.example.com/metals?user=owner&password=hidden&sslmode=require'
  using terminal = openTerminal({}, { DATABASE_URL })
  expect((await terminal.metalgap('database')).stdout).toBe(
    'postgres://metalgap_reader@db.example.com/metals?sslmode=require\n',
  )
})
