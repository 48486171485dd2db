-- Up Migration

-- Where a replay may begin: the state of a pair, and the last event that is in it.
create table metalgap.checkpoints (
  checkpoint_id bigint generated always as identity primary key,
  pair text not null references metalgap.pairs,
  reason text not null check (reason in ('configuration', 'catch-up', 'verified')),
  configuration_id bigint references metalgap.configurations,
  state jsonb,
  told_id bigint not null,
  premium_id bigint not null,
  written_at timestamptz not null default clock_timestamp()
);
create index checkpoints_pair on metalgap.checkpoints (pair, checkpoint_id desc);
comment on table metalgap.checkpoints is 'The engine''s state of a pair at a moment, so that what followed can be replayed and compared with what was stored.';
comment on column metalgap.checkpoints.checkpoint_id is 'Number of the checkpoint.';
comment on column metalgap.checkpoints.pair is 'Whose state.';
comment on column metalgap.checkpoints.reason is 'Why then: another configuration came into force, the pair had caught up, or everything before was verified.';
comment on column metalgap.checkpoints.configuration_id is 'The configuration in force from then on.';
comment on column metalgap.checkpoints.state is 'The engine''s state; null before the first event.';
comment on column metalgap.checkpoints.told_id is 'The last tick or retold price that is in the state.';
comment on column metalgap.checkpoints.premium_id is 'The last premium before it.';
comment on column metalgap.checkpoints.written_at is 'When.';

-- Told in the order of one sequence with the ticks themselves.
create table metalgap.retold (
  told_id bigint primary key default nextval('metalgap.ticks_tick_id_seq'),
  tick_id bigint not null,
  series text not null,
  at timestamptz not null,
  seen_at timestamptz not null,
  quarantined text,
  disputed text
);
create index retold_series_seen_at on metalgap.retold (series, seen_at);
comment on table metalgap.retold is 'Stored prices that a later poll brought again, and that were news to a pair: its doubt was lifted or went on.';
comment on column metalgap.retold.told_id is 'Number in one sequence with the ticks.';
comment on column metalgap.retold.tick_id is 'The price that was told again.';
comment on column metalgap.retold.series is 'Its series.';
comment on column metalgap.retold.at is 'Its source time.';
comment on column metalgap.retold.seen_at is 'When it was told again.';
comment on column metalgap.retold.quarantined is 'Why it was not believed then; null where it was.';
comment on column metalgap.retold.disputed is 'What another source of the instrument said instead then.';

-- Down Migration

drop table metalgap.retold, metalgap.checkpoints;
