-- Up Migration

-- What a channel has next, in its order: the first entry is the answer, however many wait. Whether something earlier of
-- a subject waits is asked of the unique index of (subject, sequence, channel).
drop index metalgap.deliveries_due, metalgap.deliveries_waiting;
create index deliveries_due on metalgap.deliveries (channel, (severity = 'critical') desc, next_attempt_at)
  where state = 'pending';

-- Down Migration

drop index metalgap.deliveries_due;
create index deliveries_due on metalgap.deliveries (next_attempt_at) where state = 'pending';
create index deliveries_waiting on metalgap.deliveries (channel, subject, sequence) where state = 'pending';
