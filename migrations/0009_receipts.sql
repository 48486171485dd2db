-- Up Migration

alter table metalgap.deliveries add column receipt text;
comment on column metalgap.deliveries.receipt is 'What the destination answered when it took it, where the kind of channel keeps that: of a Slack bot the channel and time of the message.';

-- Down Migration

alter table metalgap.deliveries drop column receipt;
