/** One rule for all commands: 1 for what there is not, 2 for a line that cannot be understood. */
import { readdirSync } from 'node:fs'
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
  'backtest --csv-out nope/breaches.csv',
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
  'export prices nope',
  'export premiums nope',
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
  'backtest --verify --csv nope.csv',
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

const COMMANDS = readdirSync('src/commands').filter((file) => file !== 'command.ts')

test.for(COMMANDS.map((file) => file.slice(0, -3)))('metalgap %s --help has examples', async (command) => {
  const { code, stdout } = await terminal.metalgap(command, '--help')
  expect(code).toBe(0)
  expect(stdout).toContain(`$ metalgap ${command}`)
})

test('metalgap --help names every command', async () => {
  const { stdout } = await terminal.metalgap('--help')
  for (const file of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${file.slice(0, -3)} `, 'm'))
})
