/** Loading prices of a file by COPY: a batch that is all news goes straight in, of any other what is news. */
import { type Loader, openLoader } from './copying.ts'
import { isSqlState } from './unreachable.ts'

export interface StagedPrice {
  series: string
  /** epoch ms */
  at: number
  /** when it was known; `is_known` tells whether the file said so, or whether it was worked out */
  seen_at: number
  is_known: boolean
  price: string
  bid: string | null
  ask: string | null
  quarantined: string | null
}

export interface Settled {
  fresh: number
  revised: number
}

export interface Staging extends AsyncDisposable {
  /** `now` is when a revision became known whose row does not say so */
  load(rows: readonly StagedPrice[], now: Date): Promise<Settled>
}

const PART = 2_000

/** One after the other: a batch sees what those before it have brought. */
export async function openStaging(url: string): Promise<Staging> {
  const loader = await openLoader(url)
  await loader.run(STAGED)
  return {
    async load(rows, now) {
      await loader.run('begin')
      try {
        const settled = await settle(loader, rows, now)
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

async function settle(loader: Loader, rows: readonly StagedPrice[], now: Date): Promise<Settled> {
  for (const month of new Set(rows.map(({ at }) => monthOf(at))))
    await loader.run('select metalgap.ensure_tick_partitions($1, $1)', [new Date(month)])
  await loader.run('savepoint before_copy')
  try {
    await loader.copy(
      'metalgap.ticks (series, at, seen_at, price, bid, ask, quarantined)',
      parts(rows, tickRow),
    )
    return { fresh: rows.length, revised: 0 }
  } catch (error) {
    if (!isSqlState(error, ALREADY_THERE)) throw error
    await loader.run('rollback to before_copy')
    return stage(loader, rows, now)
  }
}

async function stage(loader: Loader, rows: readonly StagedPrice[], now: Date): Promise<Settled> {
  await loader.run('truncate staged')
  const columns = 'series, at, seen_at, price, bid, ask, quarantined, is_known'
  await loader.copy(`staged (${columns})`, parts(rows, stagedRow))
  const fresh = await loader.run(FRESH)
  let revised = 0
  // Each round gives a price at most one revision: a file may hold several of one time.
  if (fresh < rows.length)
    for (let more = -1; more !== 0; revised += more) more = await loader.run(REVISIONS, [now])
  return { fresh, revised }
}

function* parts(rows: readonly StagedPrice[], text: (row: StagedPrice) => string): Generator<string> {
  for (let i = 0; i < rows.length; i += PART)
    yield rows
      .slice(i, i + PART)
      .map((row) => `${text(row)}\n`)
      .join('')
}

function monthOf(instant: number): number {
  const time = new Date(instant)
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth())
}

function tickRow({ series, at, seen_at, price, bid, ask, quarantined }: StagedPrice): string {
  const times = `${new Date(at).toISOString()}\t${new Date(seen_at).toISOString()}`
  return `${series}\t${times}\t${price}\t${bid ?? '\\N'}\t${ask ?? '\\N'}\t${quarantined ?? '\\N'}`
}

function stagedRow(row: StagedPrice): string {
  return `${tickRow(row)}\t${row.is_known}`
}

const STAGED = `create temporary table staged (line bigint generated always as identity, series text, at timestamptz,
  seen_at timestamptz, is_known boolean, price numeric, bid numeric, ask numeric, quarantined text)`

const FRESH = `insert into metalgap.ticks (series, at, revision, price, bid, ask, seen_at, quarantined)
  select series, at, 1, price, bid, ask, seen_at, quarantined from staged
  on conflict (series, at, revision) do nothing`

/** A price that some revision has already is no news, unless the file says that it was known after the newest. */
const REVISIONS = `insert into metalgap.ticks (series, at, revision, price, bid, ask, seen_at, quarantined)
  select distinct on (news.series, news.at) news.series, news.at, newest.revision + 1,
    news.price, news.bid, news.ask, case when is_known then news.seen_at else $1 end, news.quarantined
  from staged news
  cross join lateral (
    select revision, price, seen_at from metalgap.ticks
    where series = news.series and at = news.at order by revision desc limit 1
  ) newest
  where newest.price <> news.price and (is_known and news.seen_at > newest.seen_at or not exists (
    select from metalgap.ticks
    where series = news.series and at = news.at and price = news.price
  ))
  order by news.series, news.at, news.line
  on conflict (series, at, revision) do nothing`
