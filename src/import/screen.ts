/** Is a row of a price file fit to be history: its series known, its time sensible; and does its price look right? */
import type { SeriesFacts } from '../engine/model.ts'
import { judge, NO_MEMORY, type Opinions, type SeriesMemory } from '../engine/plausibility.ts'
import { instantOf } from '../engine/zone.ts'
import { didYouMean } from '../nearest.ts'
import type { Fault, PriceRow } from '../price-file.ts'
import type { StagedPrice } from '../store/batch.ts'
import { counted } from '../text.ts'

/** What a price that only has a date is made at, where its series has no hour of its own: the close in Shanghai. */
const CLOSE = '15:00'
const EARLIEST = Date.UTC(1970, 0)
/** How far a clock may be ahead of ours. */
const FUTURE_MS = 2 * 60_000
/** A file speaks of one instrument and of the past: nobody else is asked. */
const ALONE: Opinions = { others: [], objection: null, vouched: false }

/** A price that moved more than its series may, or looks like one in another unit. */
export interface Suspect {
  file: string
  line: number
  reason: string
}

export interface Suspected {
  suspects: Suspect[]
  /** how many there were; `suspects` holds the first */
  suspected: number
}

export interface Screen extends Suspected {
  /** what is to be staged, or why the row is refused; a suspect is staged all the same */
  take(row: PriceRow): StagedPrice | Fault
}

const MOST_SUSPECTS = 20

/** `quarantine`: suspects are stored as disbelieved, by the rules of live prices; otherwise a file is taken at its word. */
export function openScreen(
  series: Readonly<Record<string, SeriesFacts>>,
  now: number,
  quarantine: boolean,
): Screen {
  const memories = new Map<string, SeriesMemory>()
  const screen: Screen = {
    suspects: [],
    suspected: 0,
    take(row) {
      const { file, line } = row
      const facts = series[row.series]
      if (facts === undefined) {
        const problem = `series: found "${row.series}"${didYouMean(row.series, Object.keys(series))}, expected one of a feed, or of own in feeds.yaml`
        return { file, line, problem }
      }
      const staged = stage(row, facts, now)
      if ('problem' in staged) return staged
      const price = Number(staged.price)
      const before = memories.get(row.series) ?? NO_MEMORY
      const { quarantined, memory } = judge(facts, before, price, staged.at, now, ALONE)
      if (quarantined !== null) {
        screen.suspected += 1
        if (screen.suspects.length < MOST_SUSPECTS)
          screen.suspects.push({ file, line, reason: `${staged.price} ${quarantined}` })
        if (quarantine) staged.quarantined = quarantined
      }
      const isBelieved = quarantined === null || !quarantine
      memories.set(row.series, isBelieved ? { good: { at: staged.at, price }, candidate: null } : memory)
      return staged
    },
  }
  return screen
}

export function suspectTexts({ suspected, suspects }: Suspected): string[] {
  if (suspected === 0) return []
  const more = suspected - suspects.length
  return [
    `${counted(suspected, 'price looks', 'prices look')} suspicious; look at them before you trust what follows:`,
    ...suspects.map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more`] : []),
  ]
}

function stage(row: PriceRow, facts: SeriesFacts, now: number): StagedPrice | Fault {
  const { file, line, when, price, bid = null, ask = null, known_at } = row
  const at = 'time' in when ? when.time : instantOf(facts.zone, when.date, facts.fixing_time ?? CLOSE)
  const shown = () => ('time' in when ? new Date(at).toISOString() : when.date)
  const refused = (problem: string): Fault => ({ file, line, problem })
  if (at > now + FUTURE_MS) return refused(`time: ${shown()} lies in the future`)
  if (at < EARLIEST) return refused(`time: found ${shown()}, expected one from 1970 on`)
  if (known_at !== undefined && known_at < at - FUTURE_MS)
    return refused(`known_at: ${new Date(known_at).toISOString()} is before the price was made, ${shown()}`)
  if (known_at !== undefined && known_at > now + FUTURE_MS)
    return refused(`known_at: ${new Date(known_at).toISOString()} lies in the future`)
  const seen_at = known_at ?? Math.min(at + facts.publication_lag_ms, now)
  const is_known = known_at !== undefined
  // the name of the configuration, one for all: that of the row would keep its line in memory
  const { series } = facts
  return { series, at, seen_at, is_known, price, bid, ask, quarantined: null }
}
