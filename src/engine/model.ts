/** The words of the engine. Times are epoch milliseconds, prices are doubles, percents are percentage points. */

export type Kind = 'trade' | 'benchmark' | 'assessment' | 'rate'
export type TaxBasis = 'inclusive' | 'exclusive' | 'unknown' | 'none'
export type Severity = 'info' | 'warning' | 'critical'
export type MassUnit = 'oz' | 'g' | 'kg' | 'lb' | 't' | 'mtu'

/** One instrument as one feed quotes it, with every fact that a comparison needs. */
export interface SeriesFacts {
  /** `feed/name`, e.g. `sge-delayed/ag-td` */
  series: string
  feed: string
  /** the metal, or for a rate its currency pair, e.g. `usdcny` */
  metal: string
  /** what is quoted, the same words in every feed that carries it, e.g. `SGE Ag(T+D)` */
  instrument: string
  venue: string
  /** who made the price: `SGE`, `SHFE`, `LBMA`, `OTC spot`, `CFETS`, `ECB` ... */
  origin: string
  kind: Kind
  currency: string
  /** mass unit of the quote; null for a rate */
  unit: MassUnit | null
  /** of a compound (WO3), the mass fraction of the metal in it; absent for the metal itself */
  fraction?: number
  /** as the source states it: '999', '99.99 %'; null where it does not */
  purity: string | null
  tax_basis: TaxBasis
  /** name of a calendar in config/calendars, or `always` */
  calendar: string
  /** IANA zone of the venue: which date a price belongs to */
  zone: string
  /** largest plausible move from the last good tick, as a fraction (0.2 is 20 %) */
  max_move: number
  /** local time of day at which a price that only has a date is made, 'HH:MM' */
  fixing_time?: string
  /** from `at` to when the source publishes it; for imported history */
  publication_lag_ms: number
}

/** One venue session on the time line, [open, close). */
export interface Session {
  open: number
  close: number
}

/** When a venue trades. `sessionAt` answers with the session that holds the instant, or the gap around it. */
export interface Calendar {
  calendar: string
  zone: string
  /** the interval [from, until) that holds `instant` and in which `open` does not change */
  sessionAt(instant: number): { open: boolean; from: number; until: number }
  /** the calendar knows its holidays only inside this span; null for `always` */
  valid: { from: number; to: number } | null
}

/** A stored quote as the engine sees it. */
export interface Tick {
  tick_id: number
  series: string
  at: number
  seen_at: number
  price: number
  revision: number
  /** why it must not be believed, or null */
  quarantined: string | null
  /** what another source of the instrument says instead; absent when they agree, or there is none */
  disputed?: string
}

/**
 * The ticks that one poll brought together, or the time. Ticks of one poll are one piece of news: folded one by
 * one, the first would be compared with what the others have already replaced.
 */
export type Event = { is: 'ticks'; seen_at: number; ticks: readonly Tick[] } | { is: 'clock'; at: number }

export type ComparabilityState =
  | 'comparable'
  | 'missing'
  | 'implausible'
  | 'disputed'
  | 'closed'
  | 'stale'
  | 'skewed'

/** The pair's comparability changed at `time`; it lasts until the next change. */
export interface ComparabilityChange {
  time: number
  state: ComparabilityState
  /** names the leg and the figure: "east stale: 14 min old, 10 allowed"; empty when comparable */
  reason: string
}

/** East minus west, already rounded to 6 decimals; null where it cannot be said. */
export interface Premium {
  /** the later `at` of the two legs */
  time: number
  seen_at: number
  east: Tick
  west: Tick
  /** null when both legs are quoted in USD */
  fx: Tick | null
  east_usd: number
  west_usd: number
  as_quoted_usd: number
  as_quoted_pct: number
  ex_tax_usd: number | null
  ex_tax_pct: number | null
  landed_usd: number | null
  landed_pct: number | null
  skew_ms: number
  /** observation: moves the rules. late: stored only. correction: replaces the premium of the same two legs. */
  standing: 'observation' | 'late' | 'correction'
  /** what the holds counted at it: the comparable time since the observation before; null where no rule was told */
  elapsed_ms: number | null
  /** the longest spell without comparability in between */
  spell_ms: number
}

export type TransitionKind =
  | 'raised'
  | 'escalated'
  | 'eased'
  | 'reminder'
  | 'cleared'
  | 'retracted'
  | 'changed'

/** One numbered step of a breach; `time` is the observation's (of a reminder: the clock's). */
export interface Transition {
  rule: string
  /** 1 opens a new breach */
  sequence: number
  kind: TransitionKind
  time: number
  severity: Severity
  value: number
  reason: string
  began_at: number
  raised_at: number
  peak: number
  /** index into the rule's levels */
  level: number
  /** of a reminder the one that was observed last; null for a rule that was edited or removed */
  premium: Premium | null
  /** of `changed`: the levels are those that were told, so it is written and not sent */
  silent?: true
  /** of a reminder while the pair is not comparable: 'stale east' (state and leg), and since when */
  frozen?: { cause: string; since: number }
}
