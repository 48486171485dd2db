import { expect, test } from 'vitest'
import type { Client } from '../../src/store/database.ts'
import { saveSessions } from '../../src/store/sessions.ts'
import { freshDatabase } from '../database.ts'

const PRICE =
  'time, series, feed, metal, venue, kind, price, currency, unit, tax_basis, seen_at, revision, tick_id'
const PREMIUM =
  'time, pair, metal, unit, east_usd, west_usd, usdcny, as_quoted_usd, as_quoted_pct, ex_tax_usd, ex_tax_pct, ' +
  'landed_usd, landed_pct, skew_seconds, seen_at, east_tick_id, west_tick_id, fx_tick_id, premium_id'

/** What dashboards rely on: these columns, in this order, first. More may follow. */
const CONTRACT = {
  prices: PRICE,
  price_revisions: `${PRICE}, quarantined, reason`,
  prices_latest: `${PRICE}, age_seconds, session`,
  premiums: PREMIUM,
  premiums_latest: `${PREMIUM}, standing, configuration_id, age_seconds, comparability, reason`,
  comparability: 'time, pair, state, reason, until',
  breaches: 'time, pair, rule, state, severity, measure, raise, clear, value, peak, cleared_at, breach_id',
  transitions: 'time, breach_id, sequence, kind, severity, value, reason, premium_id',
  deliveries:
    'time, breach_id, sequence, channel, kind, state, attempts, last_status, last_error, next_attempt_at, delivery_id',
  feed_health: 'time, feed, state, last_error, failures_in_row, last_tick_at',
  metals: 'metal, refined_share_china, licensing_status, licensing_since, notice, risk, verified',
  policy_events: 'time, time_end, metal, title, tags, source',
  exposures: 'time, exposure, metal, pair, amount, unit, per, cost_usd',
}

test.for(Object.entries(CONTRACT))(
  'reporting.%s has the columns it promises, in their order',
  async ([view, columns]) => {
    await using database = await freshDatabase()
    const { rows } = await database.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 order by attnum`,
      [`reporting.${view}`],
    )
    expect(`${rows.map(({ name }) => name).join(', ')}, `).toMatch(`${columns}, `)
  },
)

async function addSeries(client: Client, name: string, calendar: string): Promise<void> {
  await client.query(
    `insert into metalgap.feeds (feed, schedule, zone) values ('feed', '* * * * *', 'UTC') on conflict do nothing`,
  )
  await client.query(
    `insert into metalgap.series (series, feed, name, metal, instrument, venue, origin, kind, currency, unit, tax_basis,
       calendar, zone)
     values ('feed/' || $1, 'feed', $1, 'silver', $1, 'Venue', 'Origin', 'trade', 'USD', 'oz', 'none', $2, 'UTC')`,
    [name, calendar],
  )
}

/** minutes before now, revision, price, why not believed */
type Quote = [minutes: number, revision: number, price: string, quarantined?: string]

async function addTicks(client: Client, name: string, quotes: Quote[]): Promise<void> {
  for (const [minutes, revision, price, quarantined] of quotes) {
    await client.query(
      `insert into metalgap.ticks (series, at, revision, price, quarantined, seen_at)
       values ('feed/' || $1, date_trunc('minute', now()) - make_interval(mins => $2), $3, $4, $5, now())`,
      [name, minutes, revision, price, quarantined ?? null],
    )
  }
}

test('prices show the latest believed revision, revisions show everything', async () => {
  await using database = await freshDatabase()
  await addSeries(database, 'x', 'always')
  await addTicks(database, 'x', [
    [3, 1, '30.10'],
    [2, 1, '30.20'],
    [2, 2, '30.25'],
    [2, 3, '90', 'move'],
    [1, 1, '31', 'move'],
  ])
  const prices = await database.query('select price, revision from reporting.prices order by time')
  expect(prices.rows).toEqual([
    { price: '30.10', revision: 1 },
    { price: '30.25', revision: 2 },
  ])
  const all = await database.query(
    'select price, quarantined, reason from reporting.price_revisions order by time, revision',
  )
  expect(all.rows).toHaveLength(5)
  expect(all.rows.at(-1)).toEqual({ price: '31', quarantined: true, reason: 'move' })
  const latest = await database.query('select price, session from reporting.prices_latest')
  expect(latest.rows).toEqual([{ price: '30.25', session: 'open' }])
})

test('a price says whether its venue is in session, and nothing where the calendar is not known', async () => {
  await using database = await freshDatabase()
  const now = new Date((await database.query<{ now: Date }>('select now()')).rows[0]?.now ?? 0)
  const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)
  for (const calendar of ['in', 'between', 'expired', 'unknown']) {
    await addSeries(database, calendar, calendar)
    await addTicks(database, calendar, [[1, 1, '30']])
  }
  await saveSessions(database, [{ calendar: 'dropped', open: hours(-1), close: hours(1) }])
  await saveSessions(database, [
    { calendar: 'in', open: hours(-1), close: hours(1) },
    { calendar: 'between', open: hours(-3), close: hours(-2) },
    { calendar: 'between', open: hours(2), close: hours(3) },
    { calendar: 'expired', open: hours(-3), close: hours(-2) },
  ])
  const { rows } = await database.query('select series, session from reporting.prices_latest order by series')
  expect(rows).toEqual([
    { series: 'feed/between', session: 'closed' },
    { series: 'feed/expired', session: null },
    { series: 'feed/in', session: 'open' },
    { series: 'feed/unknown', session: null },
  ])
})

test('the newest premium, its comparability and what it costs; corrected ones are gone, pairs without one still show', async () => {
  await using database = await freshDatabase()
  await database.query(`insert into metalgap.configurations (hash, body) values ('x', '{}')`)
  await database.query(`insert into metalgap.pairs (pair, metal, unit, enabled)
    values ('live', 'silver', 'oz', true), ('young', 'silver', 'oz', true), ('off', 'silver', 'oz', false)`)
  await database.query(
    `insert into metalgap.premiums (pair, time, seen_at, east_usd, west_usd, as_quoted_usd, as_quoted_pct, skew_ms, east_tick_id,
       east_at, west_tick_id, west_at, standing, superseded_at, configuration_id)
     select 'live', at, at, 45, 30, usd, 50, 1500, 1, at, 2, at, 'observation', gone, 1 from (values
       (timestamptz '2026-01-29 07:00Z', 15.197228, null), ('2026-01-29 08:00Z', 99, now())) v (at, usd, gone)`,
  )
  await database.query(
    `insert into metalgap.comparability (pair, time, state, reason) values ('young', now(), 'missing', 'east missing')`,
  )
  await database.query(`insert into metalgap.exposures (exposure, metal, pair, amount, unit, per, factor)
    values ('paste', 'silver', 'live', 250000, 'oz', 'year', 1), ('bars', 'silver', 'young', 10, 'kg', 'year', 32.150747)`)
  const latest = await database.query(
    'select pair, as_quoted_usd, skew_seconds, comparability from reporting.premiums_latest order by pair',
  )
  expect(latest.rows).toEqual([
    { pair: 'live', as_quoted_usd: '15.197228', skew_seconds: '1.500', comparability: null },
    { pair: 'young', as_quoted_usd: null, skew_seconds: null, comparability: 'missing' },
  ])
  const costs = await database.query('select exposure, cost_usd from reporting.exposures order by exposure')
  expect(costs.rows).toEqual([
    { exposure: 'bars', cost_usd: null },
    { exposure: 'paste', cost_usd: '3799307.00' },
  ])
})

test('a feed that published nothing for too long reads late, even while nothing runs', async () => {
  await using database = await freshDatabase()
  await database.query(
    `insert into metalgap.feeds (feed, schedule, zone, enabled, state, late_after) values
       ('fine', '*', 'UTC', true, 'ok', now() + interval '1 hour'), ('late', '*', 'UTC', true, 'ok', now() - interval '1 hour'),
       ('frozen', '*', 'UTC', true, 'frozen', now() - interval '1 hour'), ('off', '*', 'UTC', false, 'ok', null)`,
  )
  const { rows } = await database.query('select feed, state from reporting.feed_health order by feed')
  expect(rows).toEqual([
    { feed: 'fine', state: 'ok' },
    { feed: 'frozen', state: 'frozen' },
    { feed: 'late', state: 'late' },
    { feed: 'off', state: 'disabled' },
  ])
})
