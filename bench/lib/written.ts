import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../src/store/database.ts'
import { FEEDS } from './configuration.ts'
import type { Rows } from './floor.ts'

const LOOK_EVERY_MS = 5
const PATIENCE = 2000

/** What the product wrote for one slot of the three feeds, once all of it is there and delivered. */
export async function writtenFor(client: Client, slot: string): Promise<Rows> {
  for (let looks = 0; looks < PATIENCE; looks++) {
    const { rows } = await client.query<Record<keyof Rows, object[] | string> & { ready: boolean }>(
      { name: 'written', text: WRITTEN },
      [slot, FEEDS.length],
    )
    const [row] = rows
    if (row?.ready) {
      const { ready: _, body, ...tables } = row
      const texts = Object.entries(tables).map(([table, found]) => [table, JSON.stringify(found)])
      return { ...Object.fromEntries(texts), body: String(body) } as Rows
    }
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`the polls of slot ${slot} were not all stored and delivered`)
}

const WRITTEN = `
  with f as (select * from metalgap.fetches where slot = $1),
    t as (select * from metalgap.ticks where fetch_id in (select fetch_id from f)),
    ids as (select array_agg(tick_id) as ids from t),
    p as (select p.* from metalgap.premiums p, ids
          where east_tick_id = any (ids) or west_tick_id = any (ids) or fx_tick_id = any (ids)),
    x as (select * from metalgap.transitions where premium_id in (select premium_id from p)),
    b as (select * from metalgap.breaches where breach_id in (select breach_id from x)),
    d as (select d.* from metalgap.deliveries d join x using (breach_id, sequence)),
    a as (select * from metalgap.attempts where delivery_id in (select delivery_id from d))
  select (select count(*) from f) = $2 and not exists (select from d where state <> 'delivered') as ready,
    (select jsonb_agg(to_jsonb(f)) from f) as fetches,
    (select jsonb_agg(to_jsonb(t)) from t) as ticks,
    (select jsonb_agg(to_jsonb(p)) from p) as premiums,
    (select jsonb_agg(to_jsonb(b)) from b) as breaches,
    (select jsonb_agg(to_jsonb(x)) from x) as transitions,
    (select jsonb_agg(to_jsonb(d)) from d) as deliveries,
    (select jsonb_agg(to_jsonb(a)) from a) as attempts,
    (select body from d limit 1) as body`
