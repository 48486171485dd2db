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

create table metalgap.breaches (
  breach_id uuid primary key,
  pair text not null references metalgap.pairs,
  rule text not null,
  state text not null check (state in ('raised', 'clearing', 'cleared', 'retracted')),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  measure text not null,
  direction text not null check (direction in ('above', 'below')),
  -- as the operator wrote them, '5.50'
  raise text not null,
  clear text not null,
  value numeric not null,
  peak numeric not null,
  began_at timestamptz not null,
  raised_at timestamptz not null,
  cleared_at timestamptz,
  unobserved_since timestamptz,
  configuration_id bigint not null references metalgap.configurations
);
create unique index breaches_open on metalgap.breaches (pair, rule) where cleared_at is null;
create index breaches_raised_at on metalgap.breaches (raised_at desc);

create table metalgap.transitions (
  breach_id uuid not null references metalgap.breaches,
  sequence integer not null check (sequence >= 1),
  kind text not null check (kind in
    ('raised', 'escalated', 'eased', 'reminder', 'cleared', 'retracted', 'changed')),
  time timestamptz not null,
  seen_at timestamptz not null,
  severity text not null,
  value numeric not null,
  reason text not null,
  premium_id bigint references metalgap.premiums,
  primary key (breach_id, sequence)
);

create table metalgap.channels (
  channel text primary key,
  kind text not null,
  disabled_at timestamptz,
  disabled_reason text,
  paused_until timestamptz
);

create table metalgap.deliveries (
  delivery_id uuid primary key,
  channel text not null references metalgap.channels,
  -- what it is about; deliveries of one subject and channel go out in the order of their sequence
  subject text not null,
  sequence integer not null,
  breach_id uuid references metalgap.breaches,
  type text not null,
  severity text not null,
  -- {type, timestamp, data}: what is told; rendered at the first attempt
  message jsonb not null,
  -- the exact bytes of every attempt; null before the first
  body text,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  attempts integer not null default 0,
  last_status integer,
  last_error text,
  maybe_repeated boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  next_attempt_at timestamptz default clock_timestamp(),
  leased_until timestamptz,
  finished_at timestamptz,
  unique (subject, sequence, channel)
);
create index deliveries_due on metalgap.deliveries (next_attempt_at) where state = 'pending';
create index deliveries_waiting on metalgap.deliveries (channel, subject, sequence) where state = 'pending';

create table metalgap.attempts (
  delivery_id uuid not null references metalgap.deliveries,
  number integer not null check (number >= 1),
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  outcome text not null default 'started' check (outcome in
    ('started', 'delivered', 'retry', 'dead', 'disabled', 'ambiguous', 'abandoned')),
  status integer,
  error text,
  primary key (delivery_id, number)
);

create table metalgap.policy_events (
  policy_event_id bigint generated always as identity primary key,
  time timestamptz not null,
  time_end timestamptz,
  metal text not null,
  title text not null,
  tags text[] not null default '{}',
  source text not null,
  verified date,
  unique (time, metal, title)
);

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
  primary key (metal, exposure)
);

-- Down Migration

drop table metalgap.exposures, metalgap.metals, metalgap.policy_events, metalgap.attempts, metalgap.deliveries,
  metalgap.channels, metalgap.transitions, metalgap.breaches, metalgap.comparability, metalgap.premiums,
  metalgap.pairs, metalgap.ticks, metalgap.fetches, metalgap.series, metalgap.feeds, metalgap.configurations;
