-- Up Migration

create table metalgap.silences (
  silence_id bigint generated always as identity primary key,
  pair text,
  rule text,
  metal text,
  severity text check (severity in ('info', 'warning', 'critical')),
  began_at timestamptz not null,
  until timestamptz not null check (until > began_at and until <= began_at + interval '30 days'),
  until_cleared boolean not null,
  who text not null,
  reason text not null,
  warned_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  check (num_nonnulls(pair, rule, metal, severity) > 0)
);
create index silences_open on metalgap.silences (until) where ended_at is null;
comment on table metalgap.silences is 'Alerts that somebody wants no messages of for a while.';
comment on column metalgap.silences.silence_id is 'Number of the silence.';
comment on column metalgap.silences.pair is 'Only alerts of this pair; null for any.';
comment on column metalgap.silences.rule is 'Only alerts of this rule; null for any.';
comment on column metalgap.silences.metal is 'Only alerts of this metal; null for any.';
comment on column metalgap.silences.severity is 'Only messages of this severity; null for any.';
comment on column metalgap.silences.began_at is 'When it began.';
comment on column metalgap.silences.until is 'When it runs out, 30 days after its beginning at most.';
comment on column metalgap.silences.until_cleared is 'Whether it ends before that, when none of its alerts is raised any more.';
comment on column metalgap.silences.who is 'Who wanted it.';
comment on column metalgap.silences.reason is 'Why.';
comment on column metalgap.silences.warned_at is 'When the operators were told that it is about to run out.';
comment on column metalgap.silences.ended_at is 'When it ended; null while it holds.';
comment on column metalgap.silences.ended_by is 'How it ended: ran out, cleared, or who ended it.';

alter table metalgap.deliveries drop constraint deliveries_state_check;
alter table metalgap.deliveries
  add constraint deliveries_state_check check (state in ('pending', 'delivered', 'dead', 'shadow', 'silenced')),
  add column silenced text,
  add column silence_id bigint references metalgap.silences,
  add column silenced_until timestamptz,
  add column summed_at timestamptz;
create index deliveries_to_sum on metalgap.deliveries (silenced_until) where state = 'silenced' and summed_at is null;
create index deliveries_silence on metalgap.deliveries (silence_id) where silence_id is not null;
comment on column metalgap.deliveries.state is 'pending, delivered, dead, shadow (written to be looked at, never sent), or silenced: not sent, and silenced says why.';
comment on column metalgap.deliveries.silenced is 'Why it was not sent: a silence, a mute window, or an acknowledgement; null where it was.';
comment on column metalgap.deliveries.silence_id is 'The silence that kept it; null where none did.';
comment on column metalgap.deliveries.silenced_until is 'When the mute window ends that kept it, and a summary is due; null where none did.';
comment on column metalgap.deliveries.summed_at is 'When that summary was made.';

alter table metalgap.breaches
  add column acknowledged_at timestamptz,
  add column acknowledged_by text,
  add column acknowledgement text;
comment on column metalgap.breaches.acknowledged_at is 'When somebody acknowledged it: no reminders until it escalates; null where nobody has.';
comment on column metalgap.breaches.acknowledged_by is 'Who acknowledged it.';
comment on column metalgap.breaches.acknowledgement is 'What they said.';

create or replace view reporting.deliveries as
select d.created_at as time, d.breach_id, d.sequence, d.channel, c.kind, d.state, d.attempts, d.last_status, d.last_error,
  d.next_attempt_at, d.delivery_id, d.type, d.severity, d.finished_at, d.covered_by, d.silenced, d.silence_id
from metalgap.deliveries d
join metalgap.channels c using (channel);
comment on column reporting.deliveries.state is 'pending, delivered, dead, shadow (written to be looked at, never sent), or silenced: not sent, and silenced says why.';
comment on column reporting.deliveries.silenced is 'Why it was not sent: a silence, a mute window, or an acknowledgement; null where it was.';
comment on column reporting.deliveries.silence_id is 'The silence that kept it; null where none did.';

create or replace view reporting.breaches as
select raised_at as time, pair, rule, state, severity, measure, raise::numeric as raise, clear::numeric as clear, value, peak,
  cleared_at, breach_id, direction, began_at, unobserved_since, acknowledged_at, acknowledged_by, acknowledgement
from metalgap.breaches;
comment on column reporting.breaches.acknowledged_at is 'When somebody acknowledged it: no reminders until it escalates; null where nobody has.';
comment on column reporting.breaches.acknowledged_by is 'Who acknowledged it.';
comment on column reporting.breaches.acknowledgement is 'What they said.';

create view reporting.silences as
select began_at as time, silence_id, pair, rule, metal, severity, until, until_cleared, who, reason, ended_at, ended_by,
  (select count(*) from metalgap.deliveries d where d.silence_id = s.silence_id) as silenced
from metalgap.silences s;
comment on view reporting.silences is 'Alerts that somebody wants no messages of for a while.';
comment on column reporting.silences.time is 'When it began.';
comment on column reporting.silences.silence_id is 'Number of the silence.';
comment on column reporting.silences.pair is 'Only alerts of this pair; null for any.';
comment on column reporting.silences.rule is 'Only alerts of this rule; null for any.';
comment on column reporting.silences.metal is 'Only alerts of this metal; null for any.';
comment on column reporting.silences.severity is 'Only messages of this severity; null for any.';
comment on column reporting.silences.until is 'When it runs out, 30 days after its beginning at most.';
comment on column reporting.silences.until_cleared is 'Whether it ends before that, when none of its alerts is raised any more.';
comment on column reporting.silences.who is 'Who wanted it.';
comment on column reporting.silences.reason is 'Why.';
comment on column reporting.silences.ended_at is 'When it ended; null while it holds.';
comment on column reporting.silences.ended_by is 'How it ended: ran out, cleared, or who ended it.';
comment on column reporting.silences.silenced is 'Deliveries that it kept from being sent.';

-- Down Migration

drop view reporting.silences, reporting.breaches, reporting.deliveries;
update metalgap.deliveries set state = 'dead' where state = 'silenced';
alter table metalgap.deliveries drop constraint deliveries_state_check;
alter table metalgap.deliveries
  add constraint deliveries_state_check check (state in ('pending', 'delivered', 'dead', 'shadow')),
  drop column silenced, drop column silence_id, drop column silenced_until, drop column summed_at;
alter table metalgap.breaches
  drop column acknowledged_at, drop column acknowledged_by, drop column acknowledgement;
drop table metalgap.silences;
create view reporting.breaches as
select raised_at as time, pair, rule, state, severity, measure, raise::numeric as raise, clear::numeric as clear, value, peak,
  cleared_at, breach_id, direction, began_at, unobserved_since
from metalgap.breaches;
create view reporting.deliveries as
select d.created_at as time, d.breach_id, d.sequence, d.channel, c.kind, d.state, d.attempts, d.last_status, d.last_error,
  d.next_attempt_at, d.delivery_id, d.type, d.severity, d.finished_at, d.covered_by
from metalgap.deliveries d
join metalgap.channels c using (channel);
