/** History as CSV, made by Postgres itself and streamed: as much as there is, in flat memory. */
import { copyOut, literal } from './copying.ts'
import type { Client } from './database.ts'

const NAMES = {
  series: 'select series as name from metalgap.series order by series',
  pair: 'select pair as name from metalgap.pairs order by pair',
}

/** Also of what is polled and compared no more. */
export async function storedNames(client: Client, of: keyof typeof NAMES): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(NAMES[of])
  return rows.map(({ name }) => name)
}

export interface ExportQuery {
  /** a series, or a pair; null: all */
  of: string | null
  /** times of prices or premiums, in [from, to) */
  from: Date | null
  to: Date | null
}

/** Good prices with every revision, in the form that import reads: what was known when comes back as it was. */
export function exportPrices(url: string, query: ExportQuery): AsyncGenerator<Buffer> {
  return csv(
    url,
    `select ${iso('at')} as time, series, price, bid, ask, ${iso('seen_at')} as known_at from metalgap.ticks
     where quarantined is null and ${wanted('series', 'at', query)} order by at, series, revision`,
  )
}

export function exportPremiums(url: string, query: ExportQuery): AsyncGenerator<Buffer> {
  return csv(
    url,
    `select ${iso('time')} as time, pair, unit, east_usd, west_usd, usdcny, as_quoted_usd, as_quoted_pct, ex_tax_usd,
       ex_tax_pct, landed_usd, landed_pct, skew_seconds, ${iso('seen_at')} as seen_at, standing, premium_id
     from reporting.premiums where ${wanted('pair', 'time', query)} order by time, pair`,
  )
}

function csv(url: string, select: string): AsyncGenerator<Buffer> {
  return copyOut(url, `copy (${select}) to stdout (format csv, header)`, "set local timezone = 'UTC'")
}

function iso(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

function wanted(name: string, time: string, { of, from, to }: ExportQuery): string {
  return [
    'true',
    ...(of === null ? [] : [`${name} = ${literal(of)}`]),
    ...(from === null ? [] : [`${time} >= ${literal(from.toISOString())}`]),
    ...(to === null ? [] : [`${time} < ${literal(to.toISOString())}`]),
  ].join(' and ')
}
