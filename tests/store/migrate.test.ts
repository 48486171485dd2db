import { expect, test } from 'vitest'
import { downgrade, migrate } from '../../src/store/migrate.ts'
import { schemaState } from '../../src/store/schema-state.ts'
import { emptyDatabase, freshDatabase, urlOf } from '../database.ts'

test('the state of the schema is told: none, older, current, newer, with the names that differ', async () => {
  await using database = await emptyDatabase('migrate_states')
  expect(await schemaState(database)).toMatchObject({
    is: 'none',
    names: expect.arrayContaining(['0008_reader']),
  })
  await migrate(database.url)
  expect(await schemaState(database)).toEqual({ is: 'current', names: [] })
  const [undone] = await downgrade(database.url, 1)
  expect(await schemaState(database)).toEqual({ is: 'older', names: [undone] })
  await migrate(database.url)
  await database.query(`insert into metalgap.migrations (name, run_on) values ('9999_tomorrow', now())`)
  expect(await schemaState(database)).toEqual({ is: 'newer', names: ['9999_tomorrow'] })
})

test('all the way down leaves nothing, and all the way up is there again', async () => {
  await using database = await freshDatabase()
  await downgrade(database.url, 99)
  const left = await database.query(
    `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where nspname in ('metalgap', 'reporting', 'bullmq') and c.relkind in ('r', 'p', 'v') and relname <> 'migrations'`,
  )
  expect(left.rows).toEqual([])
  await migrate(database.url)
  expect((await schemaState(database)).is).toBe('current')
})

test('processes that start at once, and databases of one cluster that make the same role, do not race', async () => {
  const names = ['race_a', 'race_b', 'race_c']
  const databases = await Promise.all(names.map(emptyDatabase))
  const done = await Promise.all([...databases, ...databases].map(({ url }) => migrate(url)))
  expect(done.filter((names) => names.length > 0)).toHaveLength(3)
  for (const database of databases) await database[Symbol.asyncDispose]()
})

test('a database that is not there is a dependency that is down', async () => {
  await expect(migrate(urlOf('nowhere'))).rejects.toMatchObject({ name: 'UserError', exitCode: 69 })
})
