import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Client } from '../../src/store/database.ts'
import { freshDatabase } from '../database.ts'

async function asReader(client: Client, statement: string): Promise<unknown> {
  await client.query('set local role metalgap_reader')
  await client.query('set local transaction read write')
  return client.query(statement)
}

test('the reader reads every view, also one that comes later', async () => {
  await using database = await freshDatabase()
  await database.query('create view reporting.later as select 1 as one')
  const views = await database.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relnamespace = 'reporting'::regnamespace`,
  )
  expect(views.rows.length).toBeGreaterThan(13)
  for (const { name } of views.rows) {
    await database.transaction((client) => asReader(client, `select * from ${name}`))
  }
})

test.for([
  'select * from metalgap.ticks',
  'select * from metalgap.channels',
  'delete from reporting.comparability',
  'insert into reporting.metals (metal) values (1)',
  'create table reporting.mine (a int)',
  'create table public.mine (a int)',
  'create schema mine',
  'select lo_create(0)',
  'select lo_creat(-1)',
  `select lo_from_bytea(0, 'x')`,
  `select metalgap.ensure_tick_partitions(now(), now())`,
])('the reader may not: %s', async (statement) => {
  await using database = await freshDatabase()
  const trying = database.transaction((client) => asReader(client, statement))
  await expect(trying).rejects.toMatchObject({ code: '42501' })
})

test('a session of the reader is read only, finds the views without their schema and cannot run for ever', async () => {
  await using database = await freshDatabase()
  const { rows } = await database.query(
    `select rolcanlogin, rolsuper, setconfig from pg_roles join pg_db_role_setting on setrole = pg_roles.oid
     where rolname = 'metalgap_reader' and setdatabase = 0`,
  )
  const setconfig = expect.arrayContaining([
    ...['statement_timeout=30s', 'default_transaction_read_only=on', 'search_path=reporting'],
  ])
  expect(rows).toEqual([{ rolcanlogin: true, rolsuper: false, setconfig }])
})

test('nothing waits for an advisory lock, which the reader may hold for as long as it likes', async () => {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(100)
  const texts = await Promise.all(files.map((file) => readFile(join('src', file), 'utf8')))
  expect(files.filter((_, i) => texts[i]?.includes('pg_advisory'))).toEqual([])
})
