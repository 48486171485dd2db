-- Up Migration

-- How much a channel was told lately is asked before each message to a chat.
create index deliveries_told on metalgap.deliveries (channel, finished_at) where state = 'delivered';

-- Down Migration

drop index metalgap.deliveries_told;
