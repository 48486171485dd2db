-- Up Migration

-- Which configuration was in force: every premium and breach names one.
create table metalgap.configurations (
  configuration_id bigint generated always as identity primary key,
  hash text not null unique,
  body jsonb not null,
  since timestamptz not null default now()
);

create table metalgap.feeds (
  feed text primary key,
  enabled boolean not null default true,
  schedule text not null,
  zone text not null,
  state text not null default 'ok' check (state in
    ('ok', 'late', 'failing', 'frozen', 'drifted', 'disputed', 'disabled')),
  state_since timestamptz,
  -- when the feed becomes late unless it publishes before; so that it reads late even while nothing runs
  late_after timestamptz,
  last_attempt_at timestamptz,
  last_success_at timestamptz,
  last_slot timestamptz,
  failures_in_row integer not null default 0,
  last_error text,
  last_error_kind text,
  last_tick_at timestamptz,
  -- per page: hash and fetch of the last body that was kept
  pages jsonb not null default '{}'
);

create table metalgap.series (
  series text primary key,
  feed text not null references metalgap.feeds,
  name text not null,
  metal text not null,
  instrument text not null,
  venue text not null,
  origin text not null,
  kind text not null check (kind in ('trade', 'benchmark', 'assessment', 'rate')),
  currency text not null,
  unit text,
  purity text,
  tax_basis text not null check (tax_basis in ('inclusive', 'exclusive', 'unknown', 'none')),
  calendar text not null,
  zone text not null,
  -- what plausibility remembers: last good tick, candidate after a jump, standstill
  state jsonb
);

create table metalgap.fetches (
  fetch_id bigint generated always as identity primary key,
  feed text not null references metalgap.feeds,
  page text not null,
  slot timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  outcome text not null check (outcome in ('changed', 'unchanged', 'failed', 'not_understood')),
  status integer,
  error text,
  content_type text,
  body_hash bytea,
  -- gzip of the body; null when it is the same as that of body_fetch_id
  body bytea,
  body_fetch_id bigint,
  unique (feed, page, slot)
);

create table metalgap.ticks (
  tick_id bigint generated always as identity,
  series text not null,
  at timestamptz not null,
  revision integer not null default 1 check (revision >= 1),
  price numeric not null check (price > 0 and price < 'infinity'),
  bid numeric,
  ask numeric,
  seen_at timestamptz not null,
  -- the real moment of storing; differs from seen_at for imported history
  stored_at timestamptz not null default clock_timestamp(),
  quarantined text,
  fetch_id bigint,
  primary key (series, at, revision)
) partition by range (at);
create index ticks_tick_id on metalgap.ticks (tick_id);
create index ticks_series_seen_at on metalgap.ticks (series, seen_at);
create index ticks_at on metalgap.ticks (at);
-- Few rows are corrections: through this the views find a newer revision without reading the ticks again.
create index ticks_corrections on metalgap.ticks (series, at) where revision > 1;

-- What calendars say of about two weeks around now, for the views: there is no calendar in SQL.
create table metalgap.sessions (
  calendar text not null,
  open timestamptz not null,
  close timestamptz not null check (close > open),
  primary key (calendar, open)
);

create table metalgap.pairs (
  pair text primary key,
  metal text not null,
  unit text not null,
  enabled boolean not null default true,
  configuration_id bigint references metalgap.configurations,
  -- the engine's state; null before the first event
  state jsonb,
  -- the last tick of each series that the engine has folded, {series: tick_id}
  folded jsonb not null default '{}',
  -- when the engine next wants to be told the time; null when only ticks can change anything
  next_clock_at timestamptz,
  evaluated_at timestamptz,
  last_error text
);
create index pairs_next_clock_at on metalgap.pairs (next_clock_at) where next_clock_at is not null;

create table metalgap.premiums (
  premium_id bigint generated always as identity primary key,
  pair text not null references metalgap.pairs,
  time timestamptz not null,
  seen_at timestamptz not null,
  east_usd numeric not null,
  west_usd numeric not null,
  usdcny numeric,
  as_quoted_usd numeric not null,
  as_quoted_pct numeric not null,
  ex_tax_usd numeric,
  ex_tax_pct numeric,
  landed_usd numeric,
  landed_pct numeric,
  skew_ms bigint not null,
  east_tick_id bigint not null,
  east_at timestamptz not null,
  west_tick_id bigint not null,
  west_at timestamptz not null,
  fx_tick_id bigint,
  fx_at timestamptz,
  standing text not null check (standing in ('observation', 'late', 'correction')),
  -- set when a correction of the same two legs was written
  superseded_at timestamptz,
  configuration_id bigint not null references metalgap.configurations
);
create index premiums_pair_time on metalgap.premiums (pair, time desc) where superseded_at is null;
create index premiums_time on metalgap.premiums (time desc) where superseded_at is null;
create index premiums_legs on metalgap.premiums (pair, east_at, west_at);

create table metalgap.comparability (
  comparability_id bigint generated always as identity primary key,
  pair text not null references metalgap.pairs,
  time timestamptz not null,
  state text not null check (state in
    ('comparable', 'missing', 'implausible', 'disputed', 'closed', 'stale', 'skewed')),
  reason text not null,
  until timestamptz
);
create unique index comparability_current on metalgap.comparability (pair) where until is null;
create index comparability_pair_time on metalgap.comparability (pair, time desc);

create table metalgap.metals (
  metal text primary key,
  title text not null,
  unit text not null,
  refined_share_china text,
  licensing_status text,
  licensing_since date,
  notice text,
  risk text,
  verified date
);

create table metalgap.exposures (
  exposure text not null,
  metal text not null,
  pair text not null references metalgap.pairs,
  amount numeric not null,
  unit text not null,
  per text not null,
  -- how many of the pair's units one unit of the amount is
  factor numeric not null default 1 check (factor > 0),
  primary key (metal, exposure)
);

-- Down Migration

drop table metalgap.exposures, metalgap.metals, metalgap.comparability, metalgap.premiums, metalgap.pairs,
  metalgap.sessions, metalgap.ticks, metalgap.fetches, metalgap.series, metalgap.feeds, metalgap.configurations;
