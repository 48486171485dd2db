import { expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import type { Database } from '../../src/store/database.ts'
import { untilReady } from '../../src/store/readiness.ts'
import { readableError } from '../../src/store/unreachable.ts'
import { freshDatabase } from '../database.ts'

const url = 'postgres://metalgap:hush@db.example.com:5432/metalgap'
const AT_ONCE = { ms: 5, step_ms: 1 }

const starting = () =>
  readableError(Object.assign(new Error('the database system is starting up'), { code: '57P03' }), url)

/** A server that answers in turn: an error is thrown, true is recovery; the last answer stays. */
function server(...answers: (boolean | unknown)[]): Pick<Database, 'query' | 'url'> {
  return {
    url,
    async query<Row>() {
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (typeof answer !== 'boolean') throw answer
      return { rows: [{ recovers: answer } as Row], rowCount: 1 }
    },
  }
}

test('a server that starts and recovers is waited for, and that is said once', async () => {
  const said: string[] = []
  await untilReady(server(starting(), starting(), true, false), (why) => said.push(why), AT_ONCE)
  expect(said).toEqual([
    'The database metalgap at db.example.com:5432 is not ready: the database system is starting up. Waiting for it.',
  ])
})

test.for([
  ['starts for ever', starting(), 'the database system is starting up'],
  ['is a standby', true, 'it is in recovery and takes no writes'],
] as const)('one that %s is a dependency that is down', async ([, answer, why]) => {
  const waiting = untilReady(server(answer), () => {}, AT_ONCE)
  await expect(waiting).rejects.toMatchObject({ exitCode: 69, message: expect.stringContaining(why) })
  await expect(untilReady(server(answer), () => {}, AT_ONCE)).rejects.not.toThrow('hush')
})

test('one that cannot be reached at all is told at once', async () => {
  const refused = new UserError('connect ECONNREFUSED', 69)
  const waiting = untilReady(server(refused, false), () => expect.unreachable(), AT_ONCE)
  await expect(waiting).rejects.toBe(refused)
})

test('one that takes writes is ready', async () => {
  await using database = await freshDatabase()
  await untilReady(database, () => expect.unreachable())
})
