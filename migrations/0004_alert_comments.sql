-- Up Migration

comment on table metalgap.breaches is 'One episode of a rule, from raised to cleared.';
comment on column metalgap.breaches.breach_id is 'Id of the breach.';
comment on column metalgap.breaches.pair is 'The pair.';
comment on column metalgap.breaches.rule is 'The rule.';
comment on column metalgap.breaches.state is 'raised, clearing, cleared or retracted.';
comment on column metalgap.breaches.severity is 'info, warning or critical; of a cleared breach the highest that was reached.';
comment on column metalgap.breaches.measure is 'What is compared: as_quoted, ex_tax or landed, in usd or pct.';
comment on column metalgap.breaches.direction is 'Whether above or below the bound is a breach.';
comment on column metalgap.breaches.raise is 'The bound that raises, as the operator wrote it.';
comment on column metalgap.breaches.clear is 'The bound that clears, as the operator wrote it.';
comment on column metalgap.breaches.value is 'The value at the last transition.';
comment on column metalgap.breaches.peak is 'The value furthest from the bound so far.';
comment on column metalgap.breaches.began_at is 'The first observation of the spell that led to it.';
comment on column metalgap.breaches.raised_at is 'The observation that raised it.';
comment on column metalgap.breaches.cleared_at is 'The observation that cleared it; null while it is open.';
comment on column metalgap.breaches.unobserved_since is 'Since when the pair has not been comparable for longer than max_gap; null otherwise.';
comment on column metalgap.breaches.configuration_id is 'The configuration that was in force when it was raised.';

comment on table metalgap.transitions is 'Numbered steps of a breach; each is written once, for ever.';
comment on column metalgap.transitions.breach_id is 'The breach.';
comment on column metalgap.transitions.sequence is 'Number of the step, from 1.';
comment on column metalgap.transitions.kind is 'raised, escalated, eased, reminder, cleared, retracted or changed.';
comment on column metalgap.transitions.time is 'Time of the observation; of a reminder the clock''s.';
comment on column metalgap.transitions.seen_at is 'When it could first be known.';
comment on column metalgap.transitions.severity is 'Severity that the step tells.';
comment on column metalgap.transitions.value is 'Value of the measure.';
comment on column metalgap.transitions.reason is 'Why: first, level, reminder, cleared, rule-changed, rule-removed, correction, on-start, test.';
comment on column metalgap.transitions.premium_id is 'The premium that caused it; null for a reminder or an edited rule.';

comment on table metalgap.channels is 'Destinations, and whether they are usable.';
comment on column metalgap.channels.channel is 'Name of the channel.';
comment on column metalgap.channels.kind is 'What it is: a file in src/channels/.';
comment on column metalgap.channels.disabled_at is 'When the destination said that it is gone; null while it is used.';
comment on column metalgap.channels.disabled_reason is 'What it said.';
comment on column metalgap.channels.paused_until is 'Until when it asked to be left alone; null where it did not.';

comment on table metalgap.deliveries is 'One transition, or one other notice, to one channel.';
comment on column metalgap.deliveries.delivery_id is 'Id of the delivery, the same in every attempt.';
comment on column metalgap.deliveries.channel is 'The channel.';
comment on column metalgap.deliveries.subject is 'What it is about; one subject goes to one channel in the order of sequence.';
comment on column metalgap.deliveries.sequence is 'Its number within the subject.';
comment on column metalgap.deliveries.breach_id is 'The breach; null for other notices.';
comment on column metalgap.deliveries.type is 'Type of the message, e.g. breach.raised.';
comment on column metalgap.deliveries.severity is 'info, warning or critical.';
comment on column metalgap.deliveries.message is 'What is told: type, timestamp, data.';
comment on column metalgap.deliveries.body is 'The exact text of every attempt; null before the first.';
comment on column metalgap.deliveries.state is 'pending, delivered or dead.';
comment on column metalgap.deliveries.attempts is 'How often it was tried.';
comment on column metalgap.deliveries.last_status is 'HTTP status of the last attempt; null without an answer.';
comment on column metalgap.deliveries.last_error is 'What went wrong at the last attempt; null where nothing did.';
comment on column metalgap.deliveries.maybe_repeated is 'Whether an earlier attempt may have arrived.';
comment on column metalgap.deliveries.created_at is 'When it was written.';
comment on column metalgap.deliveries.next_attempt_at is 'When it is tried next; null when it is not.';
comment on column metalgap.deliveries.leased_until is 'Until when a worker has it.';
comment on column metalgap.deliveries.finished_at is 'When it was delivered or given up.';

comment on table metalgap.attempts is 'Every attempt of a delivery, recorded before it is made.';
comment on column metalgap.attempts.delivery_id is 'The delivery.';
comment on column metalgap.attempts.number is 'Number of the attempt, from 1.';
comment on column metalgap.attempts.started_at is 'When it was begun.';
comment on column metalgap.attempts.finished_at is 'When its outcome was known.';
comment on column metalgap.attempts.outcome is 'started, delivered, retry, dead, disabled, ambiguous, abandoned, or unsent: a fault of ours kept it at home.';
comment on column metalgap.attempts.status is 'HTTP status; null without an answer.';
comment on column metalgap.attempts.error is 'What went wrong; null where nothing did.';

comment on table metalgap.policy_events is 'Dated events of policy, as configured.';
comment on column metalgap.policy_events.policy_event_id is 'Number of the event.';
comment on column metalgap.policy_events.time is 'When it takes effect.';
comment on column metalgap.policy_events.time_end is 'When it ends; null where it does not.';
comment on column metalgap.policy_events.metal is 'The metal concerned.';
comment on column metalgap.policy_events.title is 'What happens.';
comment on column metalgap.policy_events.tags is 'What kind of event it is.';
comment on column metalgap.policy_events.source is 'Where it is stated.';
comment on column metalgap.policy_events.verified is 'The day on which it was checked.';

-- Down Migration

comment on table metalgap.breaches is null;
