import { expect, test } from 'vitest'
import { dictionary } from '../../src/store/dictionary.ts'
import { freshDatabase } from '../database.ts'

test('the data dictionary in docs/ is what the comments in the database say (npm run docs:dictionary)', async () => {
  await using database = await freshDatabase()
  await expect(await dictionary(database)).toMatchFileSnapshot('../../docs/data-dictionary.md')
})

test('every schema, table, view and column has a comment, partitions included', async () => {
  await using database = await freshDatabase()
  const { rows } = await database.query<{ bare: string }>(
    `select n.nspname as bare from pg_namespace n
     where nspname in ('metalgap', 'reporting', 'bullmq') and obj_description(n.oid, 'pg_namespace') is null
     union all
     select c.oid::regclass::text || coalesce('.' || a.attname, '') from pg_class c
     left join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not a.attisdropped
     where c.relnamespace in ('metalgap'::regnamespace, 'reporting'::regnamespace) and c.relkind in ('r', 'p', 'v')
       and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') is null)`,
  )
  expect(rows).toEqual([])
})
