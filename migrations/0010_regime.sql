-- Up Migration

alter table metalgap.deliveries drop constraint deliveries_state_check;
alter table metalgap.deliveries
  add constraint deliveries_state_check check (state in ('pending', 'delivered', 'dead', 'shadow')),
  add column covered_by uuid references metalgap.deliveries,
  add column alone boolean not null default false,
  add column schedule_from integer not null default 0;

comment on column metalgap.deliveries.state is 'pending, delivered, dead, or shadow: written to be looked at, never sent.';
comment on column metalgap.deliveries.covered_by is 'The delivery whose message told this one as well; null where it was told by itself.';
comment on column metalgap.deliveries.alone is 'Whether it is no longer folded with others: a message that told several was refused.';
comment on column metalgap.deliveries.schedule_from is 'Attempts up to this number belong to an earlier schedule: it was sent again by hand since.';

create or replace view reporting.deliveries as
select d.created_at as time, d.breach_id, d.sequence, d.channel, c.kind, d.state, d.attempts, d.last_status, d.last_error,
  d.next_attempt_at, d.delivery_id, d.type, d.severity, d.finished_at, d.covered_by
from metalgap.deliveries d
join metalgap.channels c using (channel);
comment on column reporting.deliveries.state is 'pending, delivered, dead, or shadow: written to be looked at, never sent.';
comment on column reporting.deliveries.covered_by is 'The delivery whose message told this one as well; null where it was told by itself.';

-- Down Migration

drop view reporting.deliveries;
update metalgap.deliveries set state = 'dead' where state = 'shadow';
alter table metalgap.deliveries drop constraint deliveries_state_check;
alter table metalgap.deliveries
  add constraint deliveries_state_check check (state in ('pending', 'delivered', 'dead')),
  drop column covered_by,
  drop column alone,
  drop column schedule_from;
create view reporting.deliveries as
select d.created_at as time, d.breach_id, d.sequence, d.channel, c.kind, d.state, d.attempts, d.last_status, d.last_error,
  d.next_attempt_at, d.delivery_id, d.type, d.severity, d.finished_at
from metalgap.deliveries d
join metalgap.channels c using (channel);
