-- Up Migration

-- Ticks lie in one partition a month (UTC). The lock is taken only where a month is missing, so that the usual call
-- waits for nobody; a table is made and then attached, which does not shut readers and writers out. The catalogue is
-- read by a query: what to_regclass remembers is not refreshed by waiting for an advisory lock.
create function metalgap.ensure_tick_partitions(first timestamptz, last timestamptz) returns void
language plpgsql set timezone = 'UTC' as $$
declare
  month timestamptz := date_trunc('month', first);
  name text;
  full_name text;
begin
  while month <= last loop
    name := 'ticks_' || to_char(month, 'YYYY_MM');
    full_name := 'metalgap.' || name;
    if not exists (select from pg_class where relnamespace = 'metalgap'::regnamespace and relname = name) then
      perform pg_advisory_xact_lock(hashtext('metalgap.ensure_tick_partitions'));
      if not exists (select from pg_class where relnamespace = 'metalgap'::regnamespace and relname = name) then
        execute format('create table %s (like metalgap.ticks including defaults including constraints '
          'including comments)', full_name);
        execute format('comment on table %s is %L', full_name, 'Ticks of ' || to_char(month, 'YYYY-MM') || '.');
        execute format('alter table metalgap.ticks attach partition %s for values from (%L) to (%L)',
          full_name, month, month + interval '1 month');
      end if;
    end if;
    month := month + interval '1 month';
  end loop;
end $$;
comment on function metalgap.ensure_tick_partitions is
  'Makes the monthly partitions of metalgap.ticks that a span of time needs; does nothing where they exist.';

select metalgap.ensure_tick_partitions(now() - interval '1 month', now() + interval '3 months');

-- Down Migration

drop function metalgap.ensure_tick_partitions;
