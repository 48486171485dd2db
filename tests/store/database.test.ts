import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { freshDatabase, urlOf } from '../database.ts'

test('numbers, exact prices, dates and times arrive as what they are', async () => {
  await using database = await freshDatabase()
  const { rows } = await database.query(
    `select 9007199254740991::int8 as id, array[1, 2]::int8[] as ids, 31.10347680::numeric as price,
       date '2026-01-29' as day, timestamptz '2026-01-29 15:00+08' as at, null::int8 as nothing`,
  )
  expect(rows).toEqual([
    {
      ...{ id: 9007199254740991, ids: [1, 2], price: '31.10347680', day: '2026-01-29', nothing: null },
      at: new Date('2026-01-29T07:00:00Z'),
    },
  ])
})

test('a transaction commits what was done, and undoes all of it when the work throws', async () => {
  await using database = await freshDatabase()
  await database.query('create table notes (note text primary key)')
  await database.transaction((client) => client.query('insert into notes values ($1)', ['kept']))
  const failing = database.transaction(async (client) => {
    await client.query('insert into notes values ($1)', ['undone'])
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect((await database.query('select note from notes')).rows).toEqual([{ note: 'kept' }])
})

test('statements sent together run in order, and one that fails takes the others with it', async () => {
  await using database = await freshDatabase()
  await database.query('create table notes (note text primary key)')
  const insert = { name: 'notes.insert', text: 'insert into notes values ($1)' }
  const failing = database.transaction((client) =>
    Promise.all(['a', 'b', 'a', 'c'].map((note) => client.query(insert, [note]))),
  )
  await expect(failing).rejects.toMatchObject({ code: '23505' })
  await database.transaction((client) => Promise.all(['x', 'y'].map((note) => client.query(insert, [note]))))
  expect((await database.query('select note from notes')).rows).toEqual([{ note: 'x' }, { note: 'y' }])
})

test('a transaction whose failed statement was ignored says that nothing was kept', async () => {
  await using database = await freshDatabase()
  const careless = database.transaction(async (client) => {
    await client.query('select 1 / 0').catch(() => {})
  })
  await expect(careless).rejects.toThrow('rolled back')
})

test('what is sent without waiting is in order with what is asked, and committed with it', async () => {
  await using database = await freshDatabase()
  await database.query('create table notes (note text primary key)')
  const seen = await database.transaction(async (client) => {
    client.send('insert into notes values ($1)', ['first'])
    const { rows } = await client.query('select note from notes')
    client.send('insert into notes values ($1)', ['last'])
    return rows
  })
  expect(seen).toEqual([{ note: 'first' }])
  expect((await database.query('select note from notes')).rows).toEqual([{ note: 'first' }, { note: 'last' }])
})

test.each([
  ['Postgres refuses', ['twice', 'twice'], { code: '23505' }],
  ['the driver cannot write', ['once', circular()], { message: expect.stringContaining('circular') }],
])('what %s of what was sent without waiting undoes everything', async (_, notes, error) => {
  await using database = await freshDatabase()
  await database.query('create table notes (note text primary key)')
  const failing = database.transaction(async (client) => {
    for (const note of notes) client.send('insert into notes values ($1)', [note])
  })
  await expect(failing).rejects.toMatchObject(error)
  expect((await database.query('select note from notes')).rows).toEqual([])
})

function circular(): object {
  const around: Record<string, unknown> = {}
  around['and'] = around
  return around
}

test('what goes on when its transaction has failed already writes nothing', async () => {
  await using database = await freshDatabase()
  await database.query('create table notes (note text primary key)')
  const over = Promise.withResolvers<void>()
  let straggler: Promise<unknown> | undefined
  const failing = database.transaction((client) => {
    straggler = over.promise.then(() => client.query("insert into notes values ('too late')"))
    return client.query('select 1 / 0')
  })
  await expect(failing).rejects.toMatchObject({ code: '22012' })
  over.resolve()
  await expect(straggler).rejects.toThrow('over')
  expect((await database.query('select note from notes')).rows).toEqual([])
})

test('a server that is not there is told with place and advice, without the password', async () => {
  await using database = openDatabase('postgres://me:sesame@127.0.0.1:1/prices')
  const failing = database.query('select 1')
  await expect(failing).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 69,
    message: expect.stringContaining('prices at 127.0.0.1:1'),
  })
  await expect(failing).rejects.not.toThrow('sesame')
})

test('a url that is none is told without repeating it', async () => {
  await using database = openDatabase('postgres://me:sesame@:x/prices')
  const failing = database.query('select 1')
  await expect(failing).rejects.toMatchObject({ exitCode: 69 })
  await expect(failing).rejects.not.toThrow('sesame')
})

test('a wrong password and a missing database are a dependency that is down, each with its advice', async () => {
  const wrong = new URL(urlOf('template'))
  wrong.password = 'wrong'
  await using stranger = openDatabase(wrong.href)
  await expect(stranger.query('select 1')).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining('user and password'),
  })
  await using nowhere = openDatabase(urlOf('nowhere'))
  await expect(nowhere.query('select 1')).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining('Create it'),
  })
})

test('a peer that hangs up is a dependency that is down', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await using database = openDatabase(`postgres://me@127.0.0.1:${port}/prices`)
  await expect(database.query('select 1')).rejects.toMatchObject({ exitCode: 69 })
  server.close()
})

test('connections that the server ends, idle or busy, do not end the process and are replaced', async () => {
  await using database = await freshDatabase()
  await using other = openDatabase(database.url)
  const busy = database.query('select pg_sleep(60)').catch((error) => error)
  const endOthers = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query like '%sleep%'`
  while ((await other.query(endOthers)).rows.length === 0) await sleep(5)
  expect(await busy).toMatchObject({ exitCode: 69 })
  expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})
