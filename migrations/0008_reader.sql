-- Up Migration

-- The role belongs to the whole cluster: another database of it may be making it at this very moment. It can log in
-- once somebody sets a password; role settings hold at login only, so that a NOLOGIN role would lose them.
do $$
begin
  if to_regrole('metalgap_reader') is null then
    begin
      create role metalgap_reader login;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
exception when insufficient_privilege then
  raise exception 'the role metalgap_reader is missing and % may not create it', current_user
    using hint = 'As a superuser run: create role metalgap_reader login; alter role metalgap_reader set statement_timeout = ''30s''; '
      'alter role metalgap_reader set default_transaction_read_only = on; alter role metalgap_reader set search_path = reporting;';
end $$;

do $$
begin
  if not exists (
    select from pg_db_role_setting
    where setrole = 'metalgap_reader'::regrole and setdatabase = 0 and setconfig @> array[
      'statement_timeout=30s', 'default_transaction_read_only=on', 'search_path=reporting']
  ) then
    alter role metalgap_reader set statement_timeout = '30s';
    alter role metalgap_reader set default_transaction_read_only = on;
    alter role metalgap_reader set search_path = reporting;
  end if;
exception when insufficient_privilege then
  raise warning 'the settings of the role metalgap_reader (30 s, read only, search_path) could not be made';
end $$;

-- Left to everybody, these would let the reader write temporary tables and functions of its own.
do $$
begin
  execute format('revoke create, temporary on database %I from public', current_database());
  execute format('grant connect on database %I to metalgap_reader', current_database());
  revoke create on schema public from public;
exception when insufficient_privilege or invalid_schema_name then null;
end $$;

grant usage on schema reporting to metalgap_reader;
grant select on all tables in schema reporting to metalgap_reader;
alter default privileges in schema reporting grant select on tables to metalgap_reader;

create schema if not exists bullmq;
comment on schema bullmq is 'The queue''s own tables; all of it may be dropped at any time, work is then found again in metalgap.';

-- Down Migration

drop schema bullmq cascade;
drop owned by metalgap_reader;
