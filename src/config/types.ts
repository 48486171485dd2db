/** A configuration as the program uses it: read, checked and resolved. Durations are ms, percents percentage points. */
import type { Calendar, MassUnit, SeriesFacts, Severity } from '../engine/model.ts'
import type { MuteWindow } from '../engine/mute.ts'
import type { MeasureName } from '../measure.ts'

export interface Config {
  /** sha256 (hex) of `content` */
  version: string
  /** everything that decides a number or an alert, as JSON without secrets: what a version stands for */
  content: Record<string, unknown>
  warnings: string[]
  metals: Record<string, Metal>
  pairs: Record<string, Pair>
  rules: Record<string, Rule>
  exposures: Record<string, Exposure>
  channels: Record<string, ChannelConfig>
  operators: string[]
  /** a sign of life; its url is a secret */
  heartbeat: { url: string; every_ms: number } | null
  /** where people see a breach; {breach_id}, {rule}, {pair} and {metal} stand for its own */
  evidence_link: string | null
  /** who hears of alerts beside those whom the rules notify; all that match apply */
  routes: RouteConfig[]
  feeds: Record<string, FeedConfig>
  /** sources of people's own, whose prices are imported */
  own: Record<string, OwnSource>
  /** every series of every feed and every source of people's own, by `feed/name` */
  series: Record<string, SeriesFacts>
  calendars: Record<string, Calendar>
  policy: PolicyEvent[]
  network: { allow_private: string[] }
}

export interface Metal {
  metal: string
  title: string
  unit: MassUnit
  material: Material
  /** oldest first; a fraction, 0.13 is 13 % */
  china_vat: { from: string; rate: number; source?: string; verified?: string }[]
}

interface Material {
  refined_share_china?: string
  licensing?: { status: string; since?: string; notice?: string; source?: string; verified?: string }
  risk?: 'low' | 'medium' | 'high' | 'critical'
  source?: string
  verified?: string
}

export interface Leg {
  series: string
  max_age_ms: number
}

export interface Pair {
  pair: string
  metal: string
  unit: MassUnit
  /** in order of preference: the first comparable one is used */
  east: Leg[]
  west: Leg[]
  /** null when both legs are quoted in USD */
  fx: Leg | null
  max_skew_ms: number
  plausible_premium: [low: number, high: number]
  align: 'live' | 'date'
  enabled: boolean
}

/** Bounds are text as the operator wrote it. */
export interface Level {
  severity: Severity
  raise: string
  clear: string
  for_ms: number
  clear_for_ms: number
  /** where it is not told as often as the rule says */
  remind_ms?: number | null
}

export interface Rule {
  rule: string
  pair: string
  measure: MeasureName
  direction: 'above' | 'below'
  raise: string
  clear: string
  for_ms: number
  clear_for_ms: number
  min_samples: number | null
  max_gap_ms: number | null
  on_start: 'raise' | 'wait'
  allow_flap: boolean
  announce_eased: boolean
  enabled: boolean
  severity: Severity
  /** the levels beyond the rule's own bounds, outwards */
  levels: Level[]
  remind_ms: number | null
  mute: MuteWindow[]
  notify: string[]
  /** deliveries are written as what would be sent, and not sent */
  shadow: boolean
}

export interface Exposure {
  exposure: string
  metal: string
  /** as written */
  amount: string
  unit: MassUnit
  per: string
  pair: string
}

/** Matches what each key that is there names; without keys everything. */
export interface RouteConfig {
  match: { metal?: string[]; pair?: string[]; rule?: string[]; severity?: string[] }
  notify: string[]
}

export interface ChannelConfig {
  channel: string
  kind: string
  /** hours in which alerts to it are written and not sent */
  mute?: MuteWindow[]
  /** validated by the kind's own schema; holds secrets */
  settings: Record<string, unknown>
}

/** When the silence of a series is news. */
export interface Watch {
  /** publications missed */
  late_after: number
  /** polls of an open session in which value and source time stand still */
  frozen_after: number
  /** time of an open session in which the value stands still; null: never */
  frozen_for_ms: number | null
  /** how far another source of the instrument may be away, as a fraction */
  max_disagreement: number
}

export interface FeedConfig {
  feed: string
  base_url: string
  /** cron, 5 or 6 fields, in `zone` */
  schedule: string
  zone: string
  enabled: boolean
  key?: string
  /** failed polls in a row */
  failing_after: number
  series: Record<string, SeriesFacts>
  watch: Record<string, Watch>
}

/** A source whose prices are imported: it has no schedule and no address. No feed has its name. */
export interface OwnSource {
  feed: string
  zone: string
  series: Record<string, SeriesFacts>
}

export interface PolicyEvent {
  /** 'YYYY-MM-DD' */
  date: string
  until: string | null
  title: string
  metals: string[]
  tags: string[]
  source: string
  verified: string
  remind_ms: number[]
}
