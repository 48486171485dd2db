-- Up Migration

-- What holds counted, so that a rule can be folded again over its observations when one of them is corrected.
alter table metalgap.premiums add column elapsed_ms bigint, add column spell_ms bigint;
comment on column metalgap.premiums.elapsed_ms is 'Comparable time since the observation before, as holds counted it; null where no rule was told.';
comment on column metalgap.premiums.spell_ms is 'The longest spell without comparability since the observation before.';

alter table metalgap.checkpoints drop constraint checkpoints_reason_check;
alter table metalgap.checkpoints add constraint checkpoints_reason_check
  check (reason in ('configuration', 'catch-up', 'verified', 'before-correction', 'correction'));
comment on column metalgap.checkpoints.reason is 'Why then: another configuration came into force, the pair had caught up, everything before was verified, or a correction folded its rules again (the state before and after).';

comment on column metalgap.breaches.measure is 'What is compared: as_quoted, ex_tax or landed, in usd or pct; or over history, such as change(as_quoted_usd, 24h), percentile(...), zscore(...).';
comment on column metalgap.breaches.cleared_at is 'The observation that cleared it, or when a correction took it back; null while it is open.';
comment on column metalgap.transitions.time is 'Time of the observation; of a reminder and of a correction when it was told.';
comment on column reporting.breaches.cleared_at is 'The observation that cleared it, or when a correction took it back; null while it is open.';
comment on column reporting.transitions.time is 'Time of the observation; of a reminder and of a correction when it was told.';
comment on column reporting.breaches.measure is 'What is compared: as_quoted, ex_tax or landed, in usd or pct; or over history, such as change(as_quoted_usd, 24h), percentile(...), zscore(...).';

-- Down Migration

delete from metalgap.checkpoints where reason in ('before-correction', 'correction');
alter table metalgap.checkpoints drop constraint checkpoints_reason_check;
alter table metalgap.checkpoints add constraint checkpoints_reason_check
  check (reason in ('configuration', 'catch-up', 'verified'));
alter table metalgap.premiums drop column elapsed_ms, drop column spell_ms;
