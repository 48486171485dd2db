/**
 * What a poll costs at least behind its hop through the queue: the request, and in one transaction the rows that the
 * product wrote for such a poll (in tables with the same columns, constraints and indexes). Nothing is understood,
 * compared or shared. The rows are copied from the product beforehand.
 */
import { type Client, openDatabase } from '../../src/store/database.ts'
import type { Jobs } from '../../workers/queues.ts'
import { FEEDS } from './configuration.ts'
import { copyTables, get, insertInto, pagesOf } from './floor.ts'

type Outcome = 'changed' | 'unchanged'
type Row = Record<string, unknown>
interface Written {
  fetch: Row
  ticks: Row[]
}

export interface BarePolls extends AsyncDisposable {
  /** a handler of jobs that writes what the product's last polls of this outcome wrote */
  like(outcome: Outcome): Promise<(job: Jobs['poll']) => Promise<void>>
}

export async function openBarePolls(databaseUrl: string, exchanges: string): Promise<BarePolls> {
  const database = openDatabase(databaseUrl)
  await copyTables(database, ['fetches', 'ticks'])
  const pages = await pagesOf(FEEDS)
  let id = 0
  return {
    async like(outcome) {
      const rows = new Map<string, Written>()
      for (const feed of FEEDS) rows.set(feed, await lastOf(database, feed, outcome))
      return async ({ feed, slot }) => {
        await Promise.all((pages[feed] ?? []).map((page) => get(exchanges, page)))
        const { fetch, ticks } = rows.get(feed) as Written
        const texts = {
          fetches: JSON.stringify([{ ...fetch, fetch_id: ++id, slot }]),
          ticks: JSON.stringify(
            ticks.map((tick) => ({ ...tick, tick_id: ++id, revision: id, fetch_id: id })),
          ),
        }
        await database.transaction((client) =>
          Promise.all(
            Object.entries(texts).map(([table, text]) =>
              text === '[]' ? null : client.query({ name: table, text: insertInto(table) }, [text]),
            ),
          ),
        )
      }
    },
    async [Symbol.asyncDispose]() {
      await database.query('drop schema floor cascade')
      await database.close()
    },
  }
}

async function lastOf(client: Client, feed: string, outcome: Outcome): Promise<Written> {
  const { rows } = await client.query<Written>(
    `select to_jsonb(f) as fetch,
       (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from metalgap.ticks t where t.fetch_id = f.fetch_id) as ticks
     from metalgap.fetches f where feed = $1 and outcome = $2 order by fetch_id desc limit 1`,
    [feed, outcome],
  )
  if (rows[0] === undefined) throw new Error(`no ${outcome} poll of ${feed} to copy`)
  return rows[0]
}
