import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { urlOf } from '../database.ts'
import { CALM } from '../prices.ts'
import { openWorld, pollAt, quote, type World } from '../world.ts'
import { jsonLines, openTerminal, type Terminal } from './terminal.ts'

let world: World
let terminal: Terminal

beforeAll(async () => {
  world = await openWorld('2026-03-02T00:00:00Z')
  quote(world, '02:00', CALM)
  quote(world, '02:01', { ...CALM, 'sina/ag-td': '8100.00' })
  quote(world, '02:02', CALM)
  for (const time of ['02:00:05', '02:01:05', '02:02:05']) await pollAt(world, time)
  terminal = openTerminal({}, { DATABASE_URL: world.database.url })
})
afterAll(async () => {
  terminal[Symbol.dispose]()
  await world[Symbol.asyncDispose]()
})

describe('a listing', () => {
  test('is one JSON object a line on stdout, prices are text as published, times are ISO', async () => {
    const { code, stdout, stderr } = await terminal.metalgap('prices', 'sina/ag-td', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const rows = jsonLines(stdout)
    expect(rows.map(({ price }) => price)).toEqual(['7000.00', '8100.00', '7000.00'])
    expect(rows[0]).toMatchObject({
      time: '2026-03-02T02:00:00.000Z',
      currency: 'CNY',
      unit: 'kg',
      revision: 1,
    })
  })

  test('ends with the newest, and says on stderr that there are more', async () => {
    const { stdout, stderr } = await terminal.metalgap('premiums', '--limit', '2', '--json')
    const rows = jsonLines(stdout)
    expect(rows.map(({ premium_id }) => premium_id)).toEqual(
      [...rows.map(({ premium_id }) => premium_id)].sort(),
    )
    expect(rows).toHaveLength(2)
    expect(rows.at(-1)).toMatchObject({ time: '2026-03-02T02:02:00.000Z', as_quoted_usd: '1.103477' })
    expect(stderr).toContain('more with --limit')
  })

  test('is a table with units for people', async () => {
    const { stdout } = await terminal.metalgap('premiums', '--latest')
    const [head = '', row = ''] = stdout.split('\n')
    expect(head).toMatch(/^TIME \(UTC\) +PAIR +EAST +WEST +PREMIUM +UNIT/)
    expect(row).toMatch(/silver-live +31\.10 +30\.00 +\+1\.10 +USD\/oz +\+3\.68 +-2\.47/)
    expect(stdout).not.toContain('\x1b')
  })

  test('reads breaches and deliveries by their filters', async () => {
    const [breach] = jsonLines((await terminal.metalgap('breaches', '--rule', 'silver-gap', '--json')).stdout)
    expect(breach).toMatchObject({ state: 'cleared', raise: '5.50', value: '1.103477', peak: '5.991166' })
    const about = await terminal.metalgap('deliveries', '--breach', String(breach?.['breach_id']), '--json')
    expect(jsonLines(about.stdout).map(({ type }) => type)).toEqual(['breach.raised', 'breach.cleared'])
    const open = await terminal.metalgap('breaches', '--open', '--json')
    expect(open).toEqual({ code: 0, stdout: '', stderr: expect.stringContaining('No open breach.') })
    const none = await terminal.metalgap('deliveries', '--since', '2026-03-03', '--state', 'dead')
    expect(none.stderr).toContain('metalgap channel test')
  })

  test.for(['prices --limit all --json', 'schedule --dry-run --json'])(
    'of %s ends quietly when its reader has seen enough',
    async (args) => {
      const line = `{ '${process.execPath}' bin/metalgap.js ${args}; echo "exit $?" >&2; } | head -1`
      const { PATH } = process.env
      const env = { PATH, DATABASE_URL: world.database.url, METALGAP_DATA: terminal.folder }
      const { stdout, stderr } = await promisify(execFile)('sh', ['-c', line], { env })
      expect(stderr).toBe('exit 0\n')
      expect(jsonLines(stdout)).toHaveLength(1)
    },
  )
})

describe('explain', () => {
  test('prints the calculation, or all of it as one object', async () => {
    const text = await terminal.metalgap('explain', '1')
    expect(text.code).toBe(0)
    expect(text.stdout).toContain('7000.00 CNY/kg x 0.0311034768 kg/oz / 7.0000 CNY/USD')
    const { stdout } = await terminal.metalgap('explain', '1', '--json')
    expect(jsonLines(stdout)).toMatchObject([
      { premium_id: 1, agrees: true, legs: { east: { price: '7000.00' } } },
    ])
  })

  test.for([
    ['999999', 1, 'No premium has the number 999999'],
    ['00000000-0000-4000-8000-000000000001', 1, 'No breach, or delivery about one, has the id'],
    ['silver', 1, 'There is no "silver"'],
  ] as const)('of %s ends with exit code %i and says why', async ([id, exit, why]) => {
    const { code, stdout, stderr } = await terminal.metalgap('explain', id)
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' })
    expect(stderr).toContain(why)
    expect(stderr).not.toContain('    at ')
  })
})

describe('what cannot be answered', () => {
  test.for([
    [['prices', 'sina/agtd'], 1, 'did you mean "sina/ag-td"?'],
    [['premiums', 'silver-life'], 1, 'did you mean "silver-live"?'],
    [['premiums', '--limit', 'few'], 2, 'Expected a whole number'],
    [['breaches', '--since', 'yesterday'], 2, 'Expected an ISO time'],
    [['deliveries', '--state', 'lost'], 2, 'Allowed choices are pending, delivered, dead'],
    [['deliveries', '--breach', 'x'], 1, 'There is nothing with the id "x"'],
    [['explain'], 2, 'missing required argument'],
    [['prices', '--jsn'], 2, 'Did you mean --json?'],
  ] as const)('%j is told without a stack trace', async ([args, exit, why]) => {
    const { code, stdout, stderr } = await terminal.metalgap(...args)
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' })
    expect(stderr).toContain(why)
    expect(stderr).not.toContain('    at ')
  })

  test('a database without tables says to migrate', async () => {
    using elsewhere = openTerminal({}, { DATABASE_URL: urlOf('postgres') })
    for (const args of [['prices'], ['status'], ['explain', '1']]) {
      const { code, stderr } = await elsewhere.metalgap(...args)
      expect({ code, stderr }).toEqual({ code: 69, stderr: expect.stringContaining('metalgap migrate') })
    }
  })

  test('no database at all says how to get one, and makes none', async () => {
    using elsewhere = openTerminal()
    const { code, stderr } = await elsewhere.metalgap('premiums')
    const how = 'Run: metalgap migrate, or npm start, or npm run demo'
    expect({ code, stderr }).toEqual({ code: 69, stderr: expect.stringContaining(how) })
  })

  test('a database that is down is named without its password', async () => {
    using elsewhere = openTerminal({}, { DATABASE_URL: 'postgres://me:hidden@127.0.0.1:9/metals' })
    const { code, stderr } = await elsewhere.metalgap('breaches')
    expect({ code, stderr }).toEqual({ code: 69, stderr: expect.stringContaining('metals at 127.0.0.1:9') })
    expect(stderr).not.toContain('hidden')
  })
})
