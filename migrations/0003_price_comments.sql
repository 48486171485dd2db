-- Up Migration

comment on schema metalgap is 'Tables of Metalgap, private to the program; read them through the schema reporting.';

comment on table metalgap.migrations is 'Which migrations have been run.';
comment on column metalgap.migrations.id is 'In which order they were run.';
comment on column metalgap.migrations.name is 'The name of the file in migrations/, without its ending.';
comment on column metalgap.migrations.run_on is 'When it was run.';

comment on table metalgap.configurations is 'Every configuration that was ever in force; premiums and breaches name theirs.';
comment on column metalgap.configurations.configuration_id is 'Number of the configuration.';
comment on column metalgap.configurations.hash is 'SHA-256 of the content, secrets excluded.';
comment on column metalgap.configurations.body is 'The content, secrets excluded.';
comment on column metalgap.configurations.since is 'When it was first in force.';

comment on table metalgap.feeds is 'One request to one source on one schedule, and how it fares.';
comment on column metalgap.feeds.feed is 'Name of the feed: its file in src/feeds/.';
comment on column metalgap.feeds.enabled is 'Whether it is polled.';
comment on column metalgap.feeds.schedule is 'Cron expression, 5 or 6 fields, in the zone beside it.';
comment on column metalgap.feeds.zone is 'IANA time zone of the schedule.';
comment on column metalgap.feeds.state is 'How it fares: ok, late, failing, frozen, drifted, disputed, disabled.';
comment on column metalgap.feeds.state_since is 'When it came into that state.';
comment on column metalgap.feeds.late_after is 'When it becomes late unless it publishes before.';
comment on column metalgap.feeds.last_attempt_at is 'When it was last asked.';
comment on column metalgap.feeds.last_success_at is 'When it was last asked and understood.';
comment on column metalgap.feeds.last_slot is 'The moment of the schedule that was last served.';
comment on column metalgap.feeds.failures_in_row is 'Failed polls since the last success.';
comment on column metalgap.feeds.last_error is 'What went wrong at the last failure; null after a success.';
comment on column metalgap.feeds.last_error_kind is 'Kind of the last failure.';
comment on column metalgap.feeds.last_tick_at is 'The source''s time of the newest tick of the feed.';
comment on column metalgap.feeds.pages is 'Of each page the hash and the fetch of the last body that was kept.';

comment on table metalgap.series is 'One instrument as one feed quotes it.';
comment on column metalgap.series.series is 'Name: feed/name.';
comment on column metalgap.series.feed is 'The feed that carries it.';
comment on column metalgap.series.name is 'Its name within the feed.';
comment on column metalgap.series.metal is 'The metal, or of a rate its currency pair.';
comment on column metalgap.series.instrument is 'What is quoted; the same words in every feed that carries it.';
comment on column metalgap.series.venue is 'Where it trades.';
comment on column metalgap.series.origin is 'Who made the price.';
comment on column metalgap.series.kind is 'trade, benchmark, assessment or rate.';
comment on column metalgap.series.currency is 'Currency of the price; of a rate the one that it is quoted in.';
comment on column metalgap.series.unit is 'Mass unit of the price; null for a rate.';
comment on column metalgap.series.purity is 'Purity as the source states it; null where it does not.';
comment on column metalgap.series.tax_basis is 'Whether the price includes value added tax: inclusive, exclusive, unknown, none.';
comment on column metalgap.series.calendar is 'When the venue trades: a file in config/calendars/, or always.';
comment on column metalgap.series.zone is 'IANA time zone of the venue: which date a price belongs to.';
comment on column metalgap.series.state is 'What plausibility remembers: last good tick, candidate after a jump, standstill.';

comment on table metalgap.fetches is 'Every poll of a page, with the body where it changed or failed.';
comment on column metalgap.fetches.fetch_id is 'Number of the fetch.';
comment on column metalgap.fetches.feed is 'The feed that was polled.';
comment on column metalgap.fetches.page is 'The page of the feed.';
comment on column metalgap.fetches.slot is 'The moment of the schedule that it serves; polled once however many replicas fire.';
comment on column metalgap.fetches.started_at is 'When the request was sent.';
comment on column metalgap.fetches.finished_at is 'When the answer was there, or the failure.';
comment on column metalgap.fetches.outcome is 'changed, unchanged, failed or not_understood.';
comment on column metalgap.fetches.status is 'HTTP status; null without an answer.';
comment on column metalgap.fetches.error is 'What went wrong; null where nothing did.';
comment on column metalgap.fetches.content_type is 'Content type of the answer.';
comment on column metalgap.fetches.body_hash is 'SHA-256 of the body.';
comment on column metalgap.fetches.body is 'The body as it came, gzip; null where it is that of body_fetch_id.';
comment on column metalgap.fetches.body_fetch_id is 'The fetch that holds the same body.';

comment on table metalgap.ticks is 'Every quote as it was published, by month; nothing is ever overwritten.';
comment on column metalgap.ticks.tick_id is 'Number of the tick.';
comment on column metalgap.ticks.series is 'The series that is quoted.';
comment on column metalgap.ticks.at is 'The source''s time of the price.';
comment on column metalgap.ticks.revision is 'From 1; another price for the same time is the next revision.';
comment on column metalgap.ticks.price is 'The price exactly as published, in currency and unit of its series.';
comment on column metalgap.ticks.bid is 'Bid beside the price; null where the source has none.';
comment on column metalgap.ticks.ask is 'Ask beside the price; null where the source has none.';
comment on column metalgap.ticks.seen_at is 'When we first could know it; replay orders by it.';
comment on column metalgap.ticks.stored_at is 'When it was stored; differs from seen_at for imported history.';
comment on column metalgap.ticks.quarantined is 'Why it is not believed; null where it is.';
comment on column metalgap.ticks.fetch_id is 'The fetch that it came from; null for imported history.';

comment on table metalgap.sessions is 'When venues are open, for about two weeks around now; written from config/calendars/.';
comment on column metalgap.sessions.calendar is 'Name of the calendar.';
comment on column metalgap.sessions.open is 'First moment of the session.';
comment on column metalgap.sessions.close is 'First moment after the session.';

comment on table metalgap.pairs is 'What a premium is a premium of, with the state of the engine; its row lock orders evaluation.';
comment on column metalgap.pairs.pair is 'Name of the pair.';
comment on column metalgap.pairs.metal is 'Its metal.';
comment on column metalgap.pairs.unit is 'Premiums are stated in USD per this unit.';
comment on column metalgap.pairs.enabled is 'Whether it is evaluated.';
comment on column metalgap.pairs.configuration_id is 'The configuration that it was last evaluated with.';
comment on column metalgap.pairs.state is 'State of the engine; null before the first event.';
comment on column metalgap.pairs.folded is 'The last tick of each series that the engine has folded.';
comment on column metalgap.pairs.next_clock_at is 'When the engine next wants to be told the time; null when only ticks can change anything.';
comment on column metalgap.pairs.evaluated_at is 'When it was last evaluated.';
comment on column metalgap.pairs.last_error is 'Why the last evaluation failed; null where it did not.';

comment on table metalgap.premiums is 'East minus west, one row an observation, with the ticks that it came from.';
comment on column metalgap.premiums.premium_id is 'Number of the premium.';
comment on column metalgap.premiums.pair is 'The pair.';
comment on column metalgap.premiums.time is 'The later source time of the two legs.';
comment on column metalgap.premiums.seen_at is 'When it could first be known.';
comment on column metalgap.premiums.east_usd is 'East price, USD per unit of the pair, as quoted.';
comment on column metalgap.premiums.west_usd is 'West price, USD per unit of the pair.';
comment on column metalgap.premiums.usdcny is 'CNY for one USD that was used; null where both legs are in USD.';
comment on column metalgap.premiums.as_quoted_usd is 'East minus west as quoted, USD per unit of the pair.';
comment on column metalgap.premiums.as_quoted_pct is 'The same in percent of the west price.';
comment on column metalgap.premiums.ex_tax_usd is 'East without value added tax minus west, USD per unit; null where the tax is unknown.';
comment on column metalgap.premiums.ex_tax_pct is 'The same in percent of the west price.';
comment on column metalgap.premiums.landed_usd is 'What is left after all costs of moving the metal, USD per unit; null where the pair does not say.';
comment on column metalgap.premiums.landed_pct is 'The same in percent of the west price.';
comment on column metalgap.premiums.skew_ms is 'Milliseconds between the source times of the two legs.';
comment on column metalgap.premiums.east_tick_id is 'The tick of the east leg.';
comment on column metalgap.premiums.east_at is 'Source time of the east tick: with it the tick is found in its month.';
comment on column metalgap.premiums.west_tick_id is 'The tick of the west leg.';
comment on column metalgap.premiums.west_at is 'Source time of the west tick.';
comment on column metalgap.premiums.fx_tick_id is 'The tick of the rate; null where both legs are in USD.';
comment on column metalgap.premiums.fx_at is 'Source time of the rate''s tick.';
comment on column metalgap.premiums.standing is 'observation (moves rules), late (stored only) or correction (replaces that of the same legs).';
comment on column metalgap.premiums.superseded_at is 'When a correction of the same legs replaced it; null while it holds.';
comment on column metalgap.premiums.configuration_id is 'The configuration that was in force.';

comment on table metalgap.comparability is 'When the legs of a pair could be compared, and why not otherwise.';
comment on column metalgap.comparability.comparability_id is 'Number of the interval.';
comment on column metalgap.comparability.pair is 'The pair.';
comment on column metalgap.comparability.time is 'Since when.';
comment on column metalgap.comparability.state is 'comparable, missing, implausible, disputed, closed, stale or skewed.';
comment on column metalgap.comparability.reason is 'The leg and the figure; empty when comparable.';
comment on column metalgap.comparability.until is 'Until when; null while it lasts.';

comment on table metalgap.metals is 'Facts of a metal for people, as configured.';
comment on column metalgap.metals.metal is 'Name of the metal.';
comment on column metalgap.metals.title is 'Its name for people.';
comment on column metalgap.metals.unit is 'The unit of its premiums.';
comment on column metalgap.metals.refined_share_china is 'China''s share of the world''s refining, as stated.';
comment on column metalgap.metals.licensing_status is 'How its export from China is licensed.';
comment on column metalgap.metals.licensing_since is 'Since when.';
comment on column metalgap.metals.notice is 'The notice that says so.';
comment on column metalgap.metals.risk is 'Risk as judged in the configuration.';
comment on column metalgap.metals.verified is 'The day on which these facts were checked.';

comment on table metalgap.exposures is 'What a premium costs: amounts of metal that have to be bought.';
comment on column metalgap.exposures.exposure is 'Name of the exposure.';
comment on column metalgap.exposures.metal is 'Its metal.';
comment on column metalgap.exposures.pair is 'The pair whose premium is paid.';
comment on column metalgap.exposures.amount is 'How much.';
comment on column metalgap.exposures.unit is 'Of what unit.';
comment on column metalgap.exposures.per is 'In what time.';
comment on column metalgap.exposures.factor is 'How many of the pair''s units one unit of the amount is.';

-- Down Migration

comment on schema metalgap is null;
