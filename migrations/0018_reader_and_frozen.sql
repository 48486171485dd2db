-- Up Migration

-- A feed that is frozen, late or disputed answers well: what is wrong is its reason, and no error of a poll.
create or replace view reporting.feed_health as
select last_success_at as time, feed,
  case
    when not enabled then 'disabled'
    when state = 'ok' and late_after < now() then 'late'
    else state
  end as state,
  coalesce(last_error, reason) as last_error, failures_in_row, last_tick_at,
  case when state = 'ok' and late_after < now() then late_after else state_since end as since, reason,
  troubled as series
from metalgap.feeds;
comment on column reporting.feed_health.last_error is 'What went wrong at the last poll, else the reason of its state (what is frozen, and since when); null when it is ok.';

-- Large objects belong to no schema, and what makes them is left to everybody: so the reader could store data after all.
-- Only in a database that is ours, others may count on them; where the owner may not do it, `metalgap doctor` says so.
do $$
declare
  maker regprocedure;
begin
  if exists (select from pg_database where datname = current_database() and pg_get_userbyid(datdba) = current_user) then
    for maker in
      select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace
        and proname in ('lo_creat', 'lo_create', 'lo_from_bytea')
    loop
      execute format('revoke execute on function %s from public', maker);
    end loop;
  end if;
exception when insufficient_privilege then null;
end $$;

-- Down Migration

do $$
declare
  maker regprocedure;
begin
  for maker in
    select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace
      and proname in ('lo_creat', 'lo_create', 'lo_from_bytea')
  loop
    execute format('grant execute on function %s to public', maker);
  end loop;
exception when insufficient_privilege then null;
end $$;
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
