/** What the rules must have told over daily prices, worked out a second time: shares no code with the product. */
import { premiumOf } from './exact.ts'

export interface Level {
  severity: string
  raise: number
  clear: number
}

export interface Rule {
  rule: string
  measure: 'as_quoted_usd' | 'as_quoted_pct' | 'ex_tax_usd' | 'ex_tax_pct'
  direction: 'above' | 'below'
  /** in days */
  hold: number
  clear_hold: number
  levels: Level[]
}

/** By date, as published. */
export type Prices = Map<string, string>

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MAX_AGE = 5 * DAY
const MEASURES = ['as_quoted_usd', 'as_quoted_pct', 'ex_tax_usd', 'ex_tax_pct']

interface Observation {
  /** noon in London */
  time: number
  /** comparable time since the one before */
  elapsed: number
  /** six decimals, in the order of MEASURES */
  values: string[]
}

/** In the European Union clocks change on the last Sundays of March and October. */
function isSummer(date: string): boolean {
  const year = Number(date.slice(0, 4))
  const lastSunday = (month: number) => {
    const last = new Date(Date.UTC(year, month + 1, 0))
    return new Date(last.getTime() - last.getUTCDay() * DAY).toISOString().slice(0, 10)
  }
  return date >= lastSunday(2) && date < lastSunday(9)
}

const utc = (date: string, hours: number) => Date.parse(`${date}T00:00:00Z`) + hours * HOUR
const summer = (date: string) => (isSummer(date) ? 1 : 0)

/** When a price is made, and how much later it is known: SGE's afternoon, LBMA's noon, the ECB's afternoon. */
const SHANGHAI = { at: (date: string) => utc(date, 6.5), lag: 0.25 * HOUR }
const LONDON = { at: (date: string) => utc(date, 12 - summer(date)), lag: 12 * HOUR }
const FRANKFURT = { at: (date: string) => utc(date, 15 - summer(date)), lag: HOUR / 12 }

/** From when a source's last price is too old until it is followed by one that is known. */
function staleSpans(prices: Prices, { at, lag }: typeof SHANGHAI): [number, number][] {
  const times = [...prices.keys()].sort().map(at)
  return times.slice(1).flatMap((next, i): [number, number][] => {
    const old = (times[i] as number) + MAX_AGE
    return old < next + lag ? [[old, next + lag]] : []
  })
}

function overlap(
  spans: readonly [number, number][],
  from: number,
  to: number,
  known: [number, number],
): number {
  const within = spans
    .filter(([, end]) => end > known[0] && end <= known[1])
    .map(([begin, end]): [number, number] => [Math.max(begin, from), Math.min(end, to)])
    .filter(([begin, end]) => end > begin)
    .sort((a, b) => a[0] - b[0])
  let total = 0
  let reached = from
  for (const [begin, end] of within) {
    total += Math.max(0, end - Math.max(begin, reached))
    reached = Math.max(reached, end)
  }
  return total
}

function rateOf(rates: Prices, date: string): string | undefined {
  for (let back = 0; back <= 5; back++) {
    const rate = rates.get(new Date(utc(date, -24 * back)).toISOString().slice(0, 10))
    if (rate !== undefined) return rate
  }
  return undefined
}

export function observations(east: Prices, west: Prices, rates: Prices): Observation[] {
  const spans = [...staleSpans(east, SHANGHAI), ...staleSpans(west, LONDON), ...staleSpans(rates, FRANKFURT)]
  const found: Observation[] = []
  for (const date of [...west.keys()].sort()) {
    const rate = rateOf(rates, date)
    if (!east.has(date) || rate === undefined) continue
    const time = LONDON.at(date)
    const before = found.at(-1)?.time ?? time
    const known: [number, number] = [before + LONDON.lag, time + LONDON.lag]
    const vat = date < '2018-05-01' ? '1.17' : '1.16'
    const values = premiumOf(east.get(date) as string, west.get(date) as string, rate, vat)
    found.push({ time, elapsed: time - before - overlap(spans, before, time, known), values })
  }
  return found
}

interface Hold {
  since: number
  held: number
  samples: number
  peak: number
}

/** One line a breach, as the product writes them. */
export function breachesOf(rule: Rule, seen: readonly Observation[]): string[] {
  const sign = rule.direction === 'above' ? 1 : -1
  const out = rule.levels.map((): Hold | null => null)
  const back = rule.levels.map((): Hold | null => null)
  const isHeld = (hold: Hold | null | undefined, days: number) =>
    hold != null && hold.held >= days * DAY && hold.samples >= (days === 0 ? 1 : 2)
  const lines: string[] = []
  let level = -1
  let story = { began: 0, raised: 0, value: '', highest: 0, peak: 0 }
  for (const { time, elapsed, values } of seen) {
    const text = values[MEASURES.indexOf(rule.measure)] as string
    const value = Number(text)
    const goOn = (hold: Hold | null): Hold =>
      hold === null
        ? { since: time, held: 0, samples: 1, peak: value }
        : {
            ...hold,
            held: hold.held + elapsed,
            samples: hold.samples + 1,
            peak: sign * Math.max(sign * hold.peak, sign * value),
          }
    rule.levels.forEach(({ raise, clear }, i) => {
      out[i] = i > level && sign * value >= sign * raise ? goOn(out[i] as Hold | null) : null
      back[i] = i <= level && sign * value <= sign * clear ? goOn(back[i] as Hold | null) : null
    })
    const reached = out.findLastIndex((hold) => isHeld(hold, rule.hold))
    if (level >= 0) story.peak = sign * Math.max(sign * story.peak, sign * value)
    if (reached > level) {
      const first = out[0] as Hold
      if (level < 0)
        story = { began: first.since, raised: time, value: text, highest: reached, peak: first.peak }
      story.highest = Math.max(story.highest, reached)
      level = reached
      out.fill(null, 0, level + 1)
      continue
    }
    while (level >= 0 && isHeld(back[level], rule.clear_hold)) level--
    if (level >= 0 || story.value === '') {
      if (level >= 0) back.fill(null, level + 1)
      continue
    }
    lines.push(lineOf(rule, story, time, text))
    story = { ...story, value: '' }
    out.fill(null)
    back.fill(null)
  }
  if (level >= 0) lines.push(lineOf(rule, story, null, ''))
  return lines
}

function lineOf(
  { rule, measure, levels }: Rule,
  story: { began: number; raised: number; value: string; highest: number; peak: number },
  cleared: number | null,
  value: string,
): string {
  const iso = (time: number | null) => (time === null ? '' : new Date(time).toISOString())
  const unit = measure.endsWith('pct') ? '%' : 'USD/oz'
  const severity = levels[story.highest]?.severity
  return [
    ...[rule, 'silver-daily', measure, unit, iso(story.began), iso(story.raised), story.value, severity],
    ...[story.peak.toFixed(6), iso(cleared), value, 'first', cleared === null ? '' : 'cleared'],
  ].join(',')
}
