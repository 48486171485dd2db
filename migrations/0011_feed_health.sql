-- Up Migration

alter table metalgap.feeds
  add column said jsonb not null default '{}',
  add column reason text,
  add column troubled text[] not null default '{}';
comment on column metalgap.feeds.said is 'Of each series what it said last, and how long it has stood still or said nothing.';
comment on column metalgap.feeds.reason is 'Why it is in its state, in words; null when it is ok.';
comment on column metalgap.feeds.troubled is 'The series that its state is about; empty when it is ok.';

alter table metalgap.ticks add column disputed text;
comment on column metalgap.ticks.disputed is 'What another source of the instrument said instead; null where they agreed, or there was none.';
-- Partitions are made with the comments of the table, those that are there already have to be told.
do $$
declare
  part regclass;
begin
  for part in select inhrelid::regclass from pg_inherits where inhparent = 'metalgap.ticks'::regclass loop
    execute format('comment on column %s.disputed is %L', part,
      'What another source of the instrument said instead; null where they agreed, or there was none.');
  end loop;
end $$;

create table metalgap.feed_incidents (
  incident_id bigint generated always as identity primary key,
  feed text not null references metalgap.feeds,
  number integer not null check (number >= 1),
  state text not null check (state in ('late', 'failing', 'frozen', 'drifted', 'disputed')),
  series text[] not null,
  reason text,
  ours boolean not null,
  owner text[] not null,
  began_at timestamptz not null,
  told_at timestamptz,
  folded_into bigint references metalgap.feed_incidents,
  ended_at timestamptz,
  ended_by text check (ended_by in ('recovered', 'disabled')),
  unique (feed, number)
);
-- One at a time, whoever writes.
create unique index feed_incidents_open on metalgap.feed_incidents (feed) where ended_at is null;

comment on table metalgap.feed_incidents is 'Each time a feed did not bring what it should, from its first trouble to its recovery: one at a time for a feed.';
comment on column metalgap.feed_incidents.incident_id is 'Number of the incident.';
comment on column metalgap.feed_incidents.feed is 'The feed.';
comment on column metalgap.feed_incidents.number is 'Its number among those of the feed; its two messages have the sequences 2n-1 and 2n.';
comment on column metalgap.feed_incidents.state is 'What is wrong: late, failing, frozen, drifted or disputed; the last of them while it changes.';
comment on column metalgap.feed_incidents.series is 'The series that it is about.';
comment on column metalgap.feed_incidents.reason is 'Why, in words.';
comment on column metalgap.feed_incidents.ours is 'Whether the fault is on our side: no name resolution, no route, nothing that polls.';
comment on column metalgap.feed_incidents.owner is 'Who hears of it: the channels of the operators at that time.';
comment on column metalgap.feed_incidents.began_at is 'When it began.';
comment on column metalgap.feed_incidents.told_at is 'When its owner was told; null where it was folded into another.';
comment on column metalgap.feed_incidents.folded_into is 'The incident that was told in its stead, because the same fault of ours led to both.';
comment on column metalgap.feed_incidents.ended_at is 'When it ended; null while it lasts.';
comment on column metalgap.feed_incidents.ended_by is 'How it ended: recovered, or disabled: the feed is polled no more.';

create or replace view reporting.feed_health as
select last_success_at as time, feed,
  case
    when not enabled then 'disabled'
    when state = 'ok' and late_after < now() then 'late'
    else state
  end as state,
  last_error, failures_in_row, last_tick_at,
  case when state = 'ok' and late_after < now() then late_after else state_since end as since, reason,
  troubled as series
from metalgap.feeds;
comment on column reporting.feed_health.since is 'When it came into that state.';
comment on column reporting.feed_health.reason is 'Why it is in its state, in words; null when it is ok.';
comment on column reporting.feed_health.series is 'The series that its state is about; empty when it is ok.';

create view reporting.feed_incidents as
select began_at as time, feed, state, reason, series, ended_at, ended_by, ours, owner, told_at, folded_into, incident_id
from metalgap.feed_incidents;
comment on view reporting.feed_incidents is 'Each time a feed did not bring what it should: one at a time for a feed.';
comment on column reporting.feed_incidents.time is 'When it began.';
comment on column reporting.feed_incidents.feed is 'The feed.';
comment on column reporting.feed_incidents.state is 'What is wrong: late, failing, frozen, drifted or disputed; the last of them while it changes.';
comment on column reporting.feed_incidents.reason is 'Why, in words.';
comment on column reporting.feed_incidents.series is 'The series that it is about.';
comment on column reporting.feed_incidents.ended_at is 'When it ended; null while it lasts.';
comment on column reporting.feed_incidents.ended_by is 'How it ended: recovered, or disabled: the feed is polled no more.';
comment on column reporting.feed_incidents.ours is 'Whether the fault is on our side: no name resolution, no route, nothing that polls.';
comment on column reporting.feed_incidents.owner is 'Who hears of it: the channels of the operators at that time.';
comment on column reporting.feed_incidents.told_at is 'When its owner was told; null where it was folded into another.';
comment on column reporting.feed_incidents.folded_into is 'The incident that was told in its stead, because the same fault of ours led to both.';
comment on column reporting.feed_incidents.incident_id is 'Number of the incident.';

-- Down Migration

drop view reporting.feed_incidents;
drop view reporting.feed_health;
create view reporting.feed_health as
select last_success_at as time, feed,
  case
    when not enabled then 'disabled'
    when state = 'ok' and late_after < now() then 'late'
    else state
  end as state,
  last_error, failures_in_row, last_tick_at
from metalgap.feeds;
drop table metalgap.feed_incidents;
alter table metalgap.ticks drop column disputed;
alter table metalgap.feeds drop column said, drop column reason, drop column troubled;
