-- Up Migration

-- A pair is told the time by a process. Where none does, what was last known must not read `comparable` for ever: the
-- engine has stored until when it holds (30 s of patience: it is told within five).
create or replace view reporting.premiums_latest as
select p.time, q.pair, q.metal, q.unit, p.east_usd, p.west_usd, p.usdcny, p.as_quoted_usd, p.as_quoted_pct, p.ex_tax_usd,
  p.ex_tax_pct, p.landed_usd, p.landed_pct, round(p.skew_ms / 1000.0, 3) as skew_seconds, p.seen_at, p.east_tick_id,
  p.west_tick_id, p.fx_tick_id, p.premium_id, p.standing, p.configuration_id,
  round(extract(epoch from now() - p.time), 3) as age_seconds,
  case when held.is_over then 'stale' else c.state end as comparability,
  case when held.is_over then 'nobody has compared since ' || to_char(q.evaluated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS"Z"')
    || ': does metalgap start run?' else c.reason end as reason
from metalgap.pairs q
left join lateral (
  select time, east_usd, west_usd, usdcny, as_quoted_usd, as_quoted_pct, ex_tax_usd, ex_tax_pct, landed_usd, landed_pct, skew_ms,
    seen_at, east_tick_id, west_tick_id, fx_tick_id, premium_id, standing, configuration_id
  from metalgap.premiums
  where pair = q.pair and superseded_at is null
  order by time desc, premium_id desc limit 1
) p on true
left join metalgap.comparability c on c.pair = q.pair and c.until is null
cross join lateral (
  select c.state is not distinct from 'comparable' and coalesce(
    least((q.state->>'stale_at')::numeric, (q.state->>'session_at')::numeric)
      < extract(epoch from now() - interval '30 seconds') * 1000, false) as is_over
) held
where q.enabled;
comment on column reporting.premiums_latest.comparability is 'comparable, missing, implausible, disputed, closed, stale or skewed; stale also where it was comparable, that time is over, and no process has looked since.';

-- Down Migration

create or replace view reporting.premiums_latest as
select p.time, q.pair, q.metal, q.unit, p.east_usd, p.west_usd, p.usdcny, p.as_quoted_usd, p.as_quoted_pct, p.ex_tax_usd,
  p.ex_tax_pct, p.landed_usd, p.landed_pct, round(p.skew_ms / 1000.0, 3) as skew_seconds, p.seen_at, p.east_tick_id,
  p.west_tick_id, p.fx_tick_id, p.premium_id, p.standing, p.configuration_id,
  round(extract(epoch from now() - p.time), 3) as age_seconds, c.state as comparability, c.reason
from metalgap.pairs q
left join lateral (
  select time, east_usd, west_usd, usdcny, as_quoted_usd, as_quoted_pct, ex_tax_usd, ex_tax_pct, landed_usd, landed_pct, skew_ms,
    seen_at, east_tick_id, west_tick_id, fx_tick_id, premium_id, standing, configuration_id
  from metalgap.premiums
  where pair = q.pair and superseded_at is null
  order by time desc, premium_id desc limit 1
) p on true
left join metalgap.comparability c on c.pair = q.pair and c.until is null
where q.enabled;
comment on column reporting.premiums_latest.comparability is 'comparable, missing, implausible, disputed, closed, stale or skewed.';
