/** What the configuration says, written where SQL can read it: at every start, so that the tables track the files. */
import { usedSeries } from '../config/use.ts'
import type { Config } from '../config.ts'
import { unitFactor } from '../engine/units.ts'
import { UserError } from '../errors.ts'
import { saveChannels } from './channels.ts'
import { checkpointPairs } from './checkpoints.ts'
import type { Client, Database } from './database.ts'

/** Returns the id of this configuration; the same content keeps its id. */
export function register(database: Database, config: Config): Promise<number> {
  return database.transaction(async (client) => {
    await client.query('lock table metalgap.configurations in share row exclusive mode')
    // In the order of a poll, which takes pairs before its feed: another replica may be at work.
    const { rows: known } = await client.query<{ pair: string; enabled: boolean }>(
      'select pair, enabled from metalgap.pairs order by pair for update',
    )
    const out = known.flatMap(({ pair, enabled }) => (enabled ? [] : [pair]))
    await refuseOtherUnits(client, config)
    await refuseOtherQuotes(client, config)
    const id = await registerConfiguration(client, config)
    await registerFeeds(client, config)
    await registerMetals(client, config)
    await registerPairs(client, config, id, out)
    await saveChannels(client, Object.values(config.channels))
    return id
  })
}

/**
 * Registers what is not there yet, for whoever brings history: what a running process lives by stays as it is, and a pair
 * that it does not know is not in force. Returns the id of this configuration.
 */
export function registerMissing(database: Database, config: Config): Promise<number> {
  return database.transaction(async (client) => {
    await client.query('lock table metalgap.configurations in share row exclusive mode')
    await refuseOtherUnits(client, config)
    await refuseOtherQuotes(client, config)
    const id = await registerConfiguration(client, config)
    await client.query(`${INSERT_FEEDS} on conflict do nothing`, [feedRows(config, () => false)])
    await client.query(`${INSERT_SERIES} on conflict do nothing`, [seriesRows(config)])
    await client.query(
      `insert into metalgap.pairs (pair, metal, unit, enabled, configuration_id)
       select pair, metal, unit, false, $2 from jsonb_to_recordset($1) as pair (pair text, metal text, unit text)
       on conflict do nothing`,
      [JSON.stringify(Object.values(config.pairs)), id],
    )
    return id
  })
}

/** A premium's row does not say its unit, and a bound or a breach would mean two things: a pair keeps its unit. */
async function refuseOtherUnits(client: Client, config: Config): Promise<void> {
  const { rows } = await client.query<{ pair: string; metal: string; unit: string; wanted: string }>(
    `select pair, wanted.metal, pairs.unit, wanted.unit as wanted
     from jsonb_to_recordset($1) as wanted (pair text, metal text, unit text) join metalgap.pairs using (pair)
     where pairs.unit <> wanted.unit and exists (select from metalgap.premiums where premiums.pair = pairs.pair)
     order by pair`,
    [JSON.stringify(Object.values(config.pairs))],
  )
  if (rows.length === 0) return
  const mistakes = rows.map(
    ({ pair, metal, unit, wanted }) =>
      `unit of ${metal}: ${wanted}, but the premiums of the pair ${pair} are in USD/${unit}`,
  )
  throw new UserError(
    `${mistakes.join('\n')}\nPremiums of two units cannot be told apart. Put the unit back, or give the pair another name: what is known of the old one stays.`,
    78,
  )
}

/** Prices keep what they were quoted in: read in other words, every premium on them would be wrong. */
async function refuseOtherQuotes(client: Client, config: Config): Promise<void> {
  const { rows } = await client.query<{ series: string; known: string; wanted: string }>(
    `select series, concat_ws('/', series.currency, series.unit) as known,
       concat_ws('/', wanted.currency, wanted.unit) as wanted
     from jsonb_to_recordset($1) as wanted (series text, currency text, unit text) join metalgap.series using (series)
     where (series.currency, series.unit) is distinct from (wanted.currency, wanted.unit)
       and exists (select from metalgap.ticks where ticks.series = series.series)
     order by series`,
    [seriesRows(config)],
  )
  if (rows.length === 0) return
  const mistakes = rows.map(
    ({ series, known, wanted }) => `${series}: quoted in ${wanted}, but its prices are stored in ${known}`,
  )
  throw new UserError(
    `${mistakes.join('\n')}\nPut currency and unit back in feeds.yaml, or give the series another name and import its prices anew.`,
    78,
  )
}

/** Only its id: nothing that a process lives by is changed. */
export async function registerConfiguration(client: Client, config: Config): Promise<number> {
  const { rows } = await client.query<{ configuration_id: number }>(
    `insert into metalgap.configurations (hash, body) values ($1, $2)
     on conflict (hash) do update set hash = excluded.hash returning configuration_id`,
    [config.version, JSON.stringify(config.content)],
  )
  return (rows[0] as { configuration_id: number }).configuration_id
}

async function registerFeeds(client: Client, config: Config): Promise<void> {
  const used = new Set(usedSeries(config).map(({ feed }) => feed))
  await client.query(
    `${INSERT_FEEDS} on conflict (feed) do update
       set schedule = excluded.schedule, zone = excluded.zone, enabled = excluded.enabled`,
    [feedRows(config, (feed) => used.has(feed))],
  )
  await client.query(
    `${INSERT_SERIES} on conflict (series) do update set
       metal = excluded.metal, instrument = excluded.instrument, venue = excluded.venue, origin = excluded.origin,
       kind = excluded.kind, currency = excluded.currency, unit = excluded.unit, purity = excluded.purity,
       tax_basis = excluded.tax_basis, calendar = excluded.calendar, zone = excluded.zone`,
    [seriesRows(config)],
  )
}

const INSERT_FEEDS = `insert into metalgap.feeds (feed, schedule, zone, enabled)
  select feed, schedule, zone, enabled from jsonb_to_recordset($1)
    as feed (feed text, schedule text, zone text, enabled boolean)`

function feedRows(config: Config, isInUse: (feed: string) => boolean): string {
  const polled = Object.values(config.feeds).map(({ feed, schedule, zone, enabled }) => ({
    ...{ feed, schedule, zone },
    enabled: enabled && isInUse(feed),
  }))
  const own = Object.values(config.own).map(({ feed, zone }) => ({
    ...{ feed, schedule: 'import', zone },
    enabled: false,
  }))
  return JSON.stringify([...polled, ...own])
}

const INSERT_SERIES = `insert into metalgap.series
    (series, feed, name, metal, instrument, venue, origin, kind, currency, unit, purity, tax_basis, calendar, zone)
  select series, feed, name, metal, instrument, venue, origin, kind, currency, unit, purity, tax_basis, calendar, zone
  from jsonb_populate_recordset(null::metalgap.series, $1)`

function seriesRows(config: Config): string {
  const rows = Object.values(config.series).map((facts) => ({
    ...facts,
    name: facts.series.slice(facts.feed.length + 1),
  }))
  return JSON.stringify(rows)
}

async function registerMetals(client: Client, config: Config): Promise<void> {
  const metals = Object.values(config.metals).map(({ metal, title, unit, material }) => ({
    metal,
    title,
    unit,
    refined_share_china: material.refined_share_china ?? null,
    licensing_status: material.licensing?.status ?? null,
    licensing_since: material.licensing?.since ?? null,
    notice: material.licensing?.notice ?? null,
    risk: material.risk ?? null,
    verified: material.licensing?.verified ?? material.verified ?? null,
  }))
  await client.query('delete from metalgap.metals')
  await client.query(
    'insert into metalgap.metals select * from jsonb_populate_recordset(null::metalgap.metals, $1)',
    [JSON.stringify(metals)],
  )
  const events = config.policy.flatMap((event) =>
    event.metals.map((metal) => ({
      time: `${event.date}T00:00:00Z`,
      time_end: event.until === null ? null : `${event.until}T00:00:00Z`,
      metal,
      title: event.title,
      tags: event.tags,
      source: event.source,
      verified: event.verified,
    })),
  )
  await client.query('delete from metalgap.policy_events')
  await client.query(
    `insert into metalgap.policy_events (time, time_end, metal, title, tags, source, verified)
     select time, time_end, metal, title, tags, source, verified
     from jsonb_populate_recordset(null::metalgap.policy_events, $1)`,
    [JSON.stringify(events)],
  )
}

async function registerPairs(
  client: Client,
  config: Config,
  configuration_id: number,
  were_out: readonly string[],
): Promise<void> {
  const pairs = Object.values(config.pairs).map(({ pair, metal, unit, enabled }) => ({
    pair,
    metal,
    unit,
    enabled,
  }))
  await client.query(
    `with known as (
       select * from jsonb_to_recordset($1) as pair (pair text, metal text, unit text, enabled boolean)
     ), gone as (
       update metalgap.pairs set enabled = false, next_clock_at = null where pair not in (select pair from known)
     )
     insert into metalgap.pairs (pair, metal, unit, enabled, configuration_id)
     select pair, metal, unit, enabled, $2 from known
     on conflict (pair) do update set metal = excluded.metal, unit = excluded.unit, enabled = excluded.enabled,
       configuration_id = excluded.configuration_id`,
    [JSON.stringify(pairs), configuration_id],
  )
  // Behind the statement that locks the pairs: what polls were writing is there.
  await checkpointPairs(client, configuration_id, were_out)
  await client.query('delete from metalgap.exposures')
  await client.query(
    'insert into metalgap.exposures select * from jsonb_populate_recordset(null::metalgap.exposures, $1)',
    [JSON.stringify(exposureRows(config))],
  )
}

/** `factor` lets SQL price an exposure: how many of the pair's units one unit of the amount is. */
function exposureRows(config: Config) {
  return Object.values(config.exposures).map((exposure) => {
    const unit = config.pairs[exposure.pair]?.unit
    return { ...exposure, factor: unit === undefined ? null : unitFactor(unit, exposure.unit) }
  })
}
