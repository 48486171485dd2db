/**
 * What a crossing costs at least: the requests of three polls in parallel, the rows that the product wrote for them in
 * one transaction (in tables with the same columns, constraints and indexes), and one POST. No queue, no engine, no
 * second look: rows and body are copied from the product beforehand.
 */
import { request } from 'undici'
import type { Page } from '../../src/feeds/feed.ts'
import { loadFeeds } from '../../src/shelf.ts'
import { type Client, openDatabase } from '../../src/store/database.ts'
import { FEEDS, SERIES, type Wishes } from './configuration.ts'

const TABLES = ['fetches', 'ticks', 'premiums', 'breaches', 'transitions', 'deliveries', 'attempts'] as const

/** JSON arrays of rows by table, and the body that was delivered. */
export type Rows = Record<(typeof TABLES)[number], string> & { body: string }

export interface Floor extends AsyncDisposable {
  run(rows: Rows): Promise<void>
}

export async function openFloor(databaseUrl: string, { exchanges, receiver }: Wishes): Promise<Floor> {
  const database = openDatabase(databaseUrl)
  await copyTables(database, TABLES)
  const pages = Object.values(await pagesOf(FEEDS)).flat()
  return {
    async run(rows) {
      await Promise.all(pages.map((page) => get(exchanges, page)))
      await database.transaction((client) =>
        Promise.all(
          TABLES.map((table) => client.query({ name: table, text: insertInto(table) }, [rows[table]])),
        ),
      )
      await post(`${receiver}/floor`, rows.body)
    },
    async [Symbol.asyncDispose]() {
      await database.query('drop schema floor cascade')
      await database.close()
    },
  }
}

/** Empty tables with the same columns, constraints and indexes, in the schema floor. */
export async function copyTables(client: Client, tables: readonly string[]): Promise<void> {
  await client.query('create schema floor')
  for (const table of tables)
    await client.query(
      `create table floor.${table} (like metalgap.${table} including all excluding identity)`,
    )
}

/** What is asked for in a poll of each feed. */
export async function pagesOf(names: readonly string[]): Promise<Record<string, readonly Page[]>> {
  const feeds = await loadFeeds()
  return Object.fromEntries(names.map((feed) => [feed, feeds[feed]?.pages([SERIES[feed] ?? '']) ?? []]))
}

/** The breach that is cleared is the row of the one that was raised. */
export function insertInto(table: string): string {
  const insert = `insert into floor.${table} select * from jsonb_populate_recordset(null::floor.${table}, $1)`
  if (table !== 'breaches') return insert
  return `${insert} on conflict (breach_id) do update
    set state = excluded.state, value = excluded.value, peak = excluded.peak, cleared_at = excluded.cleared_at`
}

export async function get(exchanges: string, { method, path, headers = {}, form }: Page): Promise<void> {
  const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const body = form === undefined ? null : new URLSearchParams(form).toString()
  const reply = await request(exchanges + path, { method, headers: { ...headers, ...type }, body })
  await reply.body.bytes()
}

async function post(url: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const reply = await request(url, { method: 'POST', headers, body })
  await reply.body.dump()
}
