/** Is a price believable, given what its series said before? One memory a series, pairs are asked apart. */
import type { SeriesFacts } from './model.ts'
import { looksLikeUnitMistake } from './units.ts'

/** How far ahead of us a source's clock may be. */
const FUTURE_MS = 2 * 60_000
/** Polls in a row, the first counted, after which a price that jumped is believed. */
const POLLS_TO_CONFIRM = 3
/** How far the polls of one jump, or two sources of one instrument, may lie apart. */
const AGREEMENT = 0.02

export interface SeriesMemory {
  /** the last good tick */
  good: { at: number; price: number } | null
  /** a price that jumped and waits to be confirmed */
  candidate: Candidate | null
}

interface Candidate {
  /** that of the first poll */
  price: number
  polls: number
  /** it looked like a price in another unit, and has only moved since as prices do */
  unit_mistake: boolean
}

export const NO_MEMORY: SeriesMemory = { good: null, candidate: null }

/** What the rest of the world says of a price. */
export interface Opinions {
  /** last good prices of other series of the same instrument, as fresh as their max_age asks */
  others: readonly number[]
  /** a pair's premium with this price is out of its bounds: what it says; null when no pair objects */
  objection: string | null
  /** no pair ever had a premium with this series, and now one would have a believable one */
  vouched: boolean
}

export interface Verdict {
  /** why the price is not believed, or null */
  quarantined: string | null
  memory: SeriesMemory
}

/** Judges one polled price; `memory` is not changed, the verdict carries the next one. */
export function judge(
  facts: SeriesFacts,
  memory: SeriesMemory,
  price: number,
  at: number,
  seen_at: number,
  opinions: Opinions,
): Verdict {
  if (at - seen_at > FUTURE_MS) {
    const minutes = ((at - seen_at) / 60_000).toFixed(0)
    return refuse(memory, null, `is from the future: ${minutes} min ahead of us, 2 allowed`)
  }
  const jump = jumpOf(facts, memory, price)
  if (jump === null || opinions.vouched || agrees(price, opinions.others)) {
    if (opinions.objection !== null) return refuse(memory, null, opinions.objection)
    return accept(memory, price, at)
  }
  const candidate = nextCandidate(facts, memory, price, jump.unit_mistake)
  const isConfirmed = candidate.polls >= POLLS_TO_CONFIRM && !candidate.unit_mistake
  if (!isConfirmed) return refuse(memory, candidate, jump.problem)
  if (opinions.objection !== null) return refuse(memory, candidate, opinions.objection)
  return accept(memory, price, at)
}

function accept(memory: SeriesMemory, price: number, at: number): Verdict {
  const good = memory.good !== null && memory.good.at > at ? memory.good : { at, price }
  return { quarantined: null, memory: { good, candidate: null } }
}

function refuse({ good }: SeriesMemory, candidate: Candidate | null, quarantined: string): Verdict {
  return { quarantined, memory: { good, candidate } }
}

function jumpOf(
  facts: SeriesFacts,
  memory: SeriesMemory,
  price: number,
): { problem: string; unit_mistake: boolean } | null {
  if (memory.good === null) return null
  const ratio = price / memory.good.price
  if (isWithin(ratio, facts.max_move)) return null
  const unit_mistake = looksLikeUnitMistake(ratio)
  const moved = `moved ${((ratio - 1) * 100).toFixed(1)} % from ${memory.good.price}, ${+(facts.max_move * 100).toFixed(2)} % allowed`
  return {
    problem: unit_mistake ? `${moved}; ${ratio.toPrecision(4)} times looks like a mistaken unit` : moved,
    unit_mistake,
  }
}

/** A price in another unit stays one while it moves on, though its ratio to the last good price becomes another. */
function nextCandidate(
  facts: SeriesFacts,
  memory: SeriesMemory,
  price: number,
  looks_mistaken: boolean,
): Candidate {
  const { candidate } = memory
  if (candidate === null) return { price, polls: 1, unit_mistake: looks_mistaken }
  const ratio = price / candidate.price
  const unit_mistake = looks_mistaken || (candidate.unit_mistake && isWithin(ratio, facts.max_move))
  if (!isWithin(ratio, AGREEMENT)) return { price, polls: 1, unit_mistake }
  return { price: candidate.price, polls: candidate.polls + 1, unit_mistake }
}

function agrees(price: number, others: readonly number[]): boolean {
  return others.some((other) => isWithin(price / other, AGREEMENT))
}

/** A move of exactly as much as is allowed is allowed, though 40.8 / 40 - 1 is a trifle more than 0.02. */
function isWithin(ratio: number, fraction: number): boolean {
  return Math.abs(ratio - 1) <= fraction + 1e-9
}
