/** The role of dashboards belongs to the whole server: where somebody else made it, its settings may be missing. */
import { expect, test } from 'vitest'
import { checkReader } from '../../src/doctor/database.ts'
import { serverFacts } from '../../src/store/server-facts.ts'
import { freshDatabase } from '../database.ts'

test('a reader whom migrations made lacks nothing', async () => {
  await using database = await freshDatabase()
  const facts = await serverFacts(database)
  expect(facts).toMatchObject({ reader_may_store: false, reader_lacks: [] })
  expect(checkReader(facts)).toMatchObject({ check: 'reader', is: 'ok' })
})

test('a limit that was lifted is lacking, by whomever: the reader may change the settings of its own role', async () => {
  await using database = await freshDatabase()
  const name = new URL(database.url).pathname.slice(1)
  await database.query(`alter role metalgap_reader in database ${name} set statement_timeout = 0`)
  await database.query(
    `alter role metalgap_reader in database ${name} set default_transaction_read_only = off`,
  )
  const lifted = ['statement_timeout=30s', 'default_transaction_read_only=on']
  expect((await serverFacts(database)).reader_lacks).toEqual(lifted)
  await database.query(`alter role metalgap_reader in database ${name} set statement_timeout = '2min'`)
  await database.query(`alter role metalgap_reader in database ${name} reset default_transaction_read_only`)
  expect((await serverFacts(database)).reader_lacks).toEqual([])
})

test('doctor says what the reader lacks, and the statements that mend it', () => {
  const finding = checkReader({
    reader_may_store: true,
    reader_lacks: ['statement_timeout=30s', 'default_transaction_read_only=on', 'search_path=reporting'],
  })
  expect(finding).toEqual({
    check: 'reader',
    is: 'warn',
    found:
      'metalgap_reader is without statement_timeout=30s, default_transaction_read_only=on, search_path=reporting; metalgap_reader may store large objects, as everybody may',
    advice:
      "As a superuser run in this database: alter role metalgap_reader set statement_timeout = '30s'; alter role metalgap_reader set default_transaction_read_only = 'on'; alter role metalgap_reader set search_path = 'reporting'; revoke execute on function lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) from public;",
  })
})
