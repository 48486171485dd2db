-- Up Migration

create table metalgap.breaches (
  breach_id uuid primary key,
  pair text not null references metalgap.pairs,
  rule text not null,
  state text not null check (state in ('raised', 'clearing', 'cleared', 'retracted')),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  measure text not null,
  direction text not null check (direction in ('above', 'below')),
  -- as the operator wrote them, '5.50'
  raise text not null check (raise::numeric is not null),
  clear text not null check (clear::numeric is not null),
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
    ('started', 'delivered', 'retry', 'dead', 'disabled', 'ambiguous', 'abandoned', 'unsent')),
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

-- Down Migration

drop table metalgap.policy_events, metalgap.attempts, metalgap.deliveries, metalgap.channels, metalgap.transitions,
  metalgap.breaches;
