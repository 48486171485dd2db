/** Loading prices of a file by COPY: a batch that is all news goes straight in, of any other what is news. */
import { type Batch, COLUMNS } from './batch.ts'
import { type Loader, openLoader } from './copying.ts'
import { isSqlState } from './unreachable.ts'

export interface Settled {
  fresh: number
  revised: number
}

export interface Staging extends AsyncDisposable {
  /** `now` is when a revision became known whose row does not say so */
  load(batch: Batch, now: Date): Promise<Settled>
}

/** One after the other: a batch sees what those before it have brought. */
export async function openStaging(url: string): Promise<Staging> {
  const loader = await openLoader(url)
  await loader.run(STAGED)
  return {
    async load(batch, now) {
      await loader.run('begin')
      try {
        const settled = await settle(loader, batch, now)
        await loader.run('commit')
        return settled
      } catch (error) {
        await loader.run('rollback').catch(() => {})
        throw error
      }
    },
    [Symbol.asyncDispose]: () => loader[Symbol.asyncDispose](),
  }
}

const ALREADY_THERE = ['23505']

async function settle(loader: Loader, batch: Batch, now: Date): Promise<Settled> {
  for (const month of batch.months)
    await loader.run('select metalgap.ensure_tick_partitions($1, $1)', [`${month}-01T00:00:00Z`])
  await loader.run('savepoint before_copy')
  try {
    await loader.copy(`metalgap.ticks (${COLUMNS})`, [batch.text()])
    return { fresh: batch.rows, revised: 0 }
  } catch (error) {
    if (!isSqlState(error, ALREADY_THERE)) throw error
    await loader.run('rollback to before_copy')
    return stage(loader, batch, now)
  }
}

async function stage(loader: Loader, batch: Batch, now: Date): Promise<Settled> {
  await loader.run('truncate staged')
  await loader.copy(`staged (${COLUMNS}, is_known)`, [batch.textWithKnown()])
  const fresh = await loader.run(FRESH)
  let revised = 0
  // Each round gives a time at most one revision: a file may hold several of one time.
  if (fresh < batch.rows)
    for (let more = -1; more !== 0; revised += more) more = await loader.run(REVISIONS, [now])
  if (revised > 0) await loader.run(RESTORED)
  return { fresh, revised }
}

const STAGED = `create temporary table staged (line bigint generated always as identity, series text, at timestamptz,
  seen_at timestamptz, is_known boolean, price numeric, bid numeric, ask numeric, quarantined text)`

/** Of several prices of one time the one that was known first. */
const FRESH = `insert into metalgap.ticks (${COLUMNS}, revision)
  select ${COLUMNS}, 1 from (
    select distinct on (series, at) * from staged order by series, at, seen_at, line
  ) first
  order by line
  on conflict (series, at, revision) do nothing`

/**
 * The next in the order in which they were known. A price that some revision has already is no news, unless the file says
 * that it was known after the newest.
 */
const REVISIONS = `insert into metalgap.ticks (series, at, revision, price, bid, ask, seen_at, quarantined)
  select distinct on (news.series, news.at) news.series, news.at, newest.revision + 1,
    news.price, news.bid, news.ask, news.known_at, news.quarantined
  from (select *, case when is_known then seen_at else $1 end as known_at from staged) news
  cross join lateral (
    select revision, price, seen_at from metalgap.ticks
    where series = news.series and at = news.at order by revision desc limit 1
  ) newest
  where newest.price <> news.price and (is_known and news.seen_at > newest.seen_at or not exists (
    select from metalgap.ticks
    where series = news.series and at = news.at and price = news.price
  ))
  order by news.series, news.at, news.known_at, news.line
  on conflict (series, at, revision) do nothing`

/** What was known before the price that stood is history: that one stands again, as the newest revision. */
const RESTORED = `insert into metalgap.ticks (${COLUMNS}, revision)
  select series, at, stood.seen_at, stood.price, stood.bid, stood.ask, stood.quarantined, newest.revision + 1
  from (select distinct series, at from staged) asked
  cross join lateral (
    select revision, price, seen_at from metalgap.ticks
    where series = asked.series and at = asked.at order by revision desc limit 1
  ) newest
  cross join lateral (
    select seen_at, price, bid, ask, quarantined from metalgap.ticks
    where series = asked.series and at = asked.at order by seen_at desc, revision desc limit 1
  ) stood
  where stood.seen_at > newest.seen_at and stood.price <> newest.price
  on conflict (series, at, revision) do nothing`
