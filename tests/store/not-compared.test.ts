/** What dashboards read of a pair when no process tells it the time any more. */
import { expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { freshDatabase } from '../database.ts'

/** Comparable since long ago; `ends` says until when, in seconds from now. */
async function pairThatHolds(database: Database, ends: { stale: number | null; session: number | null }) {
  await database.query(
    `insert into metalgap.pairs (pair, metal, unit, evaluated_at, state) values ('live', 'silver', 'oz', '2026-01-29T07:00:46Z',
       jsonb_build_object('stale_at', extract(epoch from now()) * 1000 + $1::numeric * 1000,
         'session_at', extract(epoch from now()) * 1000 + $2::numeric * 1000))`,
    [ends.stale, ends.session],
  )
  await database.query(
    `insert into metalgap.comparability (pair, time, state, reason) values ('live', now(), 'comparable', '')`,
  )
}

async function standing(database: Database): Promise<string | undefined> {
  const { rows } = await database.query<{ says: string }>(
    `select concat_ws(': ', comparability, nullif(reason, '')) as says from reporting.premiums_latest`,
  )
  return rows[0]?.says
}

test.for([
  { stale: 60, session: 3600 },
  { stale: -1, session: 3600 },
  { stale: 60, session: null },
  { stale: null, session: null },
])('a pair that holds for %o is comparable', async (ends) => {
  await using database = await freshDatabase()
  await pairThatHolds(database, ends)
  expect(await standing(database)).toBe('comparable')
})

test.for([
  { stale: -60, session: 3600 },
  { stale: 3600, session: -60 },
])('one that held until %o, and that nobody has looked at since, is not', async (ends) => {
  await using database = await freshDatabase()
  await pairThatHolds(database, ends)
  expect(await standing(database)).toBe(
    'stale: nobody has compared since 2026-01-29 07:00:46Z: does metalgap start run?',
  )
})
