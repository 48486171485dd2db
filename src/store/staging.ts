/** Loading prices of a file: a batch is staged by COPY, and what is news of it becomes ticks. */
import { type Loader, openLoader } from './copying.ts'

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

async function settle(loader: Loader, rows: readonly StagedPrice[], now: Date): Promise<Settled> {
  await loader.run('truncate staged')
  for (const month of new Set(rows.map(({ at }) => monthOf(at))))
    await loader.run('select metalgap.ensure_tick_partitions($1, $1)', [new Date(month)])
  const parts: string[] = []
  for (let i = 0; i < rows.length; i += PART)
    parts.push(
      rows
        .slice(i, i + PART)
        .map(copyRow)
        .join(''),
    )
  await loader.copy('staged (series, at_ms, seen_ms, is_known, price, bid, ask, quarantined)', parts)
  const fresh = await loader.run(FRESH)
  let revised = 0
  // Each round gives a price at most one revision: a file may hold several of one time.
  if (fresh < rows.length)
    for (let more = -1; more !== 0; revised += more) more = await loader.run(REVISIONS, [now])
  return { fresh, revised }
}

function monthOf(instant: number): number {
  const time = new Date(instant)
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth())
}

function copyRow(row: StagedPrice): string {
  const { series, at, seen_at, is_known, price, bid, ask, quarantined } = row
  return `${series}\t${at}\t${seen_at}\t${is_known}\t${price}\t${bid ?? '\\N'}\t${ask ?? '\\N'}\t${quarantined ?? '\\N'}\n`
}

const STAGED = `create temporary table staged (line bigint generated always as identity, series text, at_ms float8,
  seen_ms float8, is_known boolean, price numeric, bid numeric, ask numeric, quarantined text)`

const FRESH = `insert into metalgap.ticks (series, at, revision, price, bid, ask, seen_at, quarantined)
  select series, to_timestamp(at_ms / 1000), 1, price, bid, ask, to_timestamp(seen_ms / 1000), quarantined from staged
  on conflict (series, at, revision) do nothing`

/** A price that some revision has already is no news, unless the file says that it was known after the newest. */
const REVISIONS = `insert into metalgap.ticks (series, at, revision, price, bid, ask, seen_at, quarantined)
  select distinct on (news.series, news.at_ms) news.series, to_timestamp(news.at_ms / 1000), newest.revision + 1,
    news.price, news.bid, news.ask, case when is_known then to_timestamp(seen_ms / 1000) else $1 end, news.quarantined
  from staged news
  cross join lateral (
    select revision, price, seen_at from metalgap.ticks
    where series = news.series and at = to_timestamp(news.at_ms / 1000) order by revision desc limit 1
  ) newest
  where newest.price <> news.price and (is_known and to_timestamp(seen_ms / 1000) > newest.seen_at or not exists (
    select from metalgap.ticks
    where series = news.series and at = to_timestamp(news.at_ms / 1000) and price = news.price
  ))
  order by news.series, news.at_ms, news.line
  on conflict (series, at, revision) do nothing`
