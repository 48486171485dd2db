/** One rule for all commands: 1 for what there is not, 2 for a line that cannot be understood. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { freshDatabase } from '../database.ts'
import { openTerminal, type Terminal } from './terminal.ts'

let database: Database
let terminal: Terminal
beforeAll(async () => {
  database = await freshDatabase()
  terminal = openTerminal({}, { DATABASE_URL: database.url })
})
afterAll(async () => {
  terminal[Symbol.dispose]()
  await database[Symbol.asyncDispose]()
})

const ID = '5f0c6f0e-1b1c-4d7e-9a35-0a8f4c1d2e3f'

test.for([
  'explain nope',
  'explain 42',
  `explain ${ID}`,
  'premiums nope',
  'prices nope',
  'feed nope',
  'route --rule nope',
  'channel test nope',
  'channel enable nope',
  'channel rotate nope',
  'backtest --rule nope',
  'silence add --rule nope --for 1h --reason x',
  'silence add --metal nope --for 1h --reason x',
  'silence end 9',
  'silence end nope',
  'ack nope',
  `ack ${ID}`,
  'redeliver nope',
  `redeliver ${ID}`,
  'deliveries --breach nope',
  'import nope.csv',
  'rules test nope.yaml',
  'simulate --prices nope.csv',
])('metalgap %s names what there is not: exit code 1', async (line) => {
  const { code, stdout, stderr } = await terminal.metalgap(...line.split(' '))
  expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/nope|42|9|There is no|Nothing/)
  expect(stderr).not.toMatch(/\n {4}at /)
})

test.for([
  'nope',
  'explain',
  'premiums --nope',
  'premiums --limit nope',
  'premiums --since nope',
  'prices a b',
  'start --roles nope',
  'demo --for nope',
  'channel',
  'channel nope risk',
  'silence nope',
  'silence end',
  'silence add --rule gap --for nope',
  'redeliver',
  'redeliver --state nope',
  'route --severity nope',
  'schedule',
  'export nope',
  'rules nope',
  'ack',
])('metalgap %s cannot be understood: exit code 2', async (line) => {
  const { code, stdout, stderr } = await terminal.metalgap(...line.split(' '))
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
  expect(stderr).not.toBe('')
  expect(stderr).not.toMatch(/\n {4}at /)
})

test('each command has a help with examples', async () => {
  const { stdout } = await terminal.metalgap('--help')
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? '')
  expect(commands.length).toBeGreaterThan(15)
  for (const command of commands.filter((name) => name !== 'help')) {
    const { code, stdout: help } = await terminal.metalgap(command, '--help')
    expect(code, command).toBe(0)
    expect(help, command).toContain(`$ metalgap ${command}`)
  }
})
