import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, pollAt, quote, type World } from '../world.ts'
import { jsonLines, openTerminal, type Terminal } from './terminal.ts'

let world: World
let terminal: Terminal

beforeAll(async () => {
  world = await openWorld('2026-03-02T00:00:00Z')
  quote(world, '02:00', { 'sina/ag-td': '8100.00', 'sina/xag': '30.00', 'sina/usdcny': '7.0000' })
  await pollAt(world, '02:00:05')
  terminal = openTerminal({}, { DATABASE_URL: world.database.url })
})
afterAll(async () => {
  terminal[Symbol.dispose]()
  await world[Symbol.asyncDispose]()
})

describe('metalgap silence', () => {
  test('adds one, lists it with what it keeps, and ends it with the summary', async () => {
    const added = await terminal.metalgap(
      ...[
        'silence',
        'add',
        '--rule',
        'silver-gap',
        '--for',
        '4h',
        '--who',
        'ann',
        '--reason',
        'talks',
        '--json',
      ],
    )
    expect(JSON.parse(added.stdout)).toMatchObject({
      silence_id: 1,
      rule: 'silver-gap',
      who: 'ann',
      reason: 'talks',
    })
    const { stdout } = await terminal.metalgap('silence', 'list', '--json')
    expect(jsonLines(stdout)).toMatchObject([{ silence_id: 1, silenced: 1, ended_at: null }])
    const ended = await terminal.metalgap('silence', 'end', '1')
    expect(ended).toMatchObject({ code: 0, stderr: 'Silence 1 (rule silver-gap) has ended.\n' })
    const told = await world.rows(`select channel from reporting.deliveries where type = 'silence.ended'`)
    expect(told).toEqual([{ channel: 'terminal' }])
    expect((await terminal.metalgap('silence', 'list')).stderr).toContain('No silence holds')
    expect((await terminal.metalgap('silence', 'list', '--all')).stdout).toContain('talks')
  })

  test('says what is missing with exit code 2, and what there is not with 1', async () => {
    const refused = async (...args: string[]) => {
      const { code, stderr } = await terminal.metalgap('silence', ...args)
      return `${code} ${stderr}`
    }
    expect(await refused('add', '--rule', 'silver-gap', '--reason', 'x')).toContain(
      '2 metalgap: Say how long',
    )
    expect(await refused('add', '--rule', 'silver-gap', '--for', '1h')).toContain('2 metalgap: Say why')
    expect(await refused('add', '--rule', 'silver-gsp', '--for', '1h', '--reason', 'x')).toMatch(
      /^1 .*"silver-gap"/,
    )
    expect(await refused('add', '--for', '40d', '--metal', 'silver', '--reason', 'x')).toContain(
      '30 days at most',
    )
    expect(await refused('end', '9')).toContain('1 metalgap: There is no silence 9')
    expect(await refused('end', 'x')).toContain('1 metalgap: There is no silence "x"')
    expect(await refused('end')).toContain('2 metalgap: Say which')
  })
})

test('metalgap ack stops reminders of a breach that is open, and says so', async () => {
  const [breach] = await world.rows<{ breach_id: string }>('select breach_id from reporting.breaches')
  const { code, stderr } = await terminal.metalgap('ack', breach?.breach_id ?? '', '--who', 'ann')
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'silver-gap on silver-live (warning) is acknowledged by ann: no reminders until it escalates.\n',
  })
  expect(await world.rows('select acknowledged_by from reporting.breaches')).toEqual([
    { acknowledged_by: 'ann' },
  ])
  const unknown = await terminal.metalgap('ack', '00000000-0000-4000-8000-000000000000')
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no breach') })
})
