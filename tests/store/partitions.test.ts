import { expect, test } from 'vitest'
import { ensureTickPartitions } from '../../src/store/partitions.ts'
import { freshDatabase } from '../database.ts'

test('ticks find their month, however many processes make the partitions at once', async () => {
  await using database = await freshDatabase()
  const [first, last] = [new Date('2014-12-31T23:59:59Z'), new Date('2015-02-01T00:00:00Z')]
  await Promise.all([1, 2, 3, 4, 5].map(() => ensureTickPartitions(database, first, last)))
  await database.query(
    `insert into metalgap.ticks (series, at, price, seen_at) select 'x', at, 1.50, at from unnest($1::timestamptz[]) at`,
    [[first, new Date('2015-01-01T00:00:00Z'), last]],
  )
  const { rows } = await database.query(
    'select tableoid::regclass::text as part, price from metalgap.ticks order by at',
  )
  expect(rows).toEqual(
    ['2014_12', '2015_01', '2015_02'].map((month) => ({ part: `metalgap.ticks_${month}`, price: '1.50' })),
  )
})
