-- Up Migration

create schema reporting;

create view reporting.price_revisions as
select t.at as time, t.series, s.feed, s.metal, s.venue, s.kind, t.price, s.currency, s.unit, s.tax_basis, t.seen_at,
  t.revision, t.tick_id, t.quarantined is not null as quarantined, t.quarantined as reason
from metalgap.ticks t
join metalgap.series s using (series);

-- "revision > 1" says nothing new; it leads to the small index on corrections.
create view reporting.prices as
select t.at as time, t.series, s.feed, s.metal, s.venue, s.kind, t.price, s.currency, s.unit, s.tax_basis, t.seen_at,
  t.revision, t.tick_id
from metalgap.ticks t
join metalgap.series s using (series)
where t.quarantined is null and not exists (
  select from metalgap.ticks newer
  where newer.series = t.series and newer.at = t.at and newer.revision > t.revision and newer.revision > 1
    and newer.quarantined is null
);

create view reporting.prices_latest as
select t.at as time, s.series, s.feed, s.metal, s.venue, s.kind, t.price, s.currency, s.unit, s.tax_basis, t.seen_at,
  t.revision, t.tick_id, round(extract(epoch from now() - t.at), 3) as age_seconds,
  case
    when s.calendar = 'always' then 'open'
    when now() >= known.first and now() < known.last then
      case when known.in_session then 'open' else 'closed' end
  end as session
from metalgap.series s
cross join lateral (
  select at, price, seen_at, revision, tick_id from metalgap.ticks
  where series = s.series and quarantined is null
  order by at desc, revision desc limit 1
) t
left join (
  select calendar, min(open) as first, max(close) as last, bool_or(now() >= open and now() < close) as in_session
  from metalgap.sessions group by calendar
) known on known.calendar = s.calendar;

create view reporting.premiums as
select p.time, p.pair, q.metal, q.unit, p.east_usd, p.west_usd, p.usdcny, p.as_quoted_usd, p.as_quoted_pct, p.ex_tax_usd,
  p.ex_tax_pct, p.landed_usd, p.landed_pct, round(p.skew_ms / 1000.0, 3) as skew_seconds, p.seen_at, p.east_tick_id,
  p.west_tick_id, p.fx_tick_id, p.premium_id, p.standing, p.configuration_id
from metalgap.premiums p
join metalgap.pairs q using (pair)
where p.superseded_at is null;

create view reporting.premiums_latest as
select p.time, q.pair, q.metal, q.unit, p.east_usd, p.west_usd, p.usdcny, p.as_quoted_usd, p.as_quoted_pct, p.ex_tax_usd,
  p.ex_tax_pct, p.landed_usd, p.landed_pct, round(p.skew_ms / 1000.0, 3) as skew_seconds, p.seen_at, p.east_tick_id,
  p.west_tick_id, p.fx_tick_id, p.premium_id, p.standing, p.configuration_id,
  round(extract(epoch from now() - p.time), 3) as age_seconds, c.state as comparability, c.reason
from metalgap.pairs q
left join lateral (
  select * from metalgap.premiums
  where pair = q.pair and superseded_at is null
  order by time desc, premium_id desc limit 1
) p on true
left join metalgap.comparability c on c.pair = q.pair and c.until is null
where q.enabled;

create view reporting.comparability as
select time, pair, state, reason, until from metalgap.comparability;

create view reporting.breaches as
select raised_at as time, pair, rule, state, severity, measure, raise::numeric as raise, clear::numeric as clear, value, peak,
  cleared_at, breach_id, direction, began_at, unobserved_since
from metalgap.breaches;

create view reporting.transitions as
select time, breach_id, sequence, kind, severity, value, reason, premium_id from metalgap.transitions;

create view reporting.deliveries as
select d.created_at as time, d.breach_id, d.sequence, d.channel, c.kind, d.state, d.attempts, d.last_status, d.last_error,
  d.next_attempt_at, d.delivery_id, d.type, d.severity, d.finished_at
from metalgap.deliveries d
join metalgap.channels c using (channel);

create view reporting.feed_health as
select last_success_at as time, feed,
  case
    when not enabled then 'disabled'
    when state = 'ok' and late_after < now() then 'late'
    else state
  end as state,
  last_error, failures_in_row, last_tick_at
from metalgap.feeds;

create view reporting.metals as
select metal, refined_share_china, licensing_status, licensing_since, notice, risk, verified from metalgap.metals;

create view reporting.policy_events as
select time, time_end, metal, title, tags, source from metalgap.policy_events;

create view reporting.exposures as
select p.time, e.exposure, e.metal, e.pair, e.amount, e.unit, e.per,
  round(e.amount * e.factor * coalesce(p.landed_usd, p.as_quoted_usd), 2) as cost_usd
from metalgap.exposures e
left join reporting.premiums_latest p using (pair);

-- Down Migration

drop schema reporting cascade;
