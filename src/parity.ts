/** Parity is a law: what was told live, told again to the same engine, leads to the same transitions and the same state. */
import { isDeepStrictEqual } from 'node:util'
import type { Context } from './context.ts'
import type { Event, Transition } from './engine/model.ts'
import { legsOf, type PairSpec, type RuleSpec } from './engine/spec.ts'
import { loadState, newState, type PairState, type RuleState, setRule } from './engine/state.ts'
import { foldTicks } from './evaluation/refold.ts'
import { type OpenPair, openPair } from './evaluation.ts'
import { openDifferences, storedText, toldText } from './parity/texts.ts'
import { eventsOf } from './replay/events.ts'
import { replay } from './replay/replay.ts'
import {
  type Checkpoint,
  checkpointsOf,
  forgetCheckpoints,
  openRecords,
  saveCheckpoint,
  transitionsBetween,
} from './store/checkpoints.ts'
import type { Database } from './store/database.ts'
import { lockPairs } from './store/pairs.ts'
import { toldTicks } from './store/stored-ticks.ts'

export interface Parity {
  pair: string
  /** since when, null: there is nothing to begin from */
  since: Date | null
  transitions: number
  /** what is not the same; empty when all is */
  differences: string[]
}

const MONTH_MS = 30 * 86_400_000

/** Every enabled pair since the last checkpoint that holds; for the sweep, once a night. What was equal is where the next one begins. */
export async function verifyNightly(context: Context): Promise<Parity[]> {
  const checked: Parity[] = []
  for (const spec of Object.values(context.specs)) checked.push(await verifyPair(context, spec, 'newest'))
  await forgetCheckpoints(context.database, new Date(context.now().getTime() - MONTH_MS))
  return checked
}

/** Every enabled pair, as far back as the configuration in force goes. */
export async function verifyAll(context: Context): Promise<Parity[]> {
  const checked: Parity[] = []
  for (const spec of Object.values(context.specs)) checked.push(await verifyPair(context, spec, 'all'))
  return checked
}

/** The pair is locked only while the end of the last stretch is written down. */
async function verifyPair(context: Context, spec: PairSpec, stretches: 'all' | 'newest'): Promise<Parity> {
  const { pair } = spec
  const { checkpoints, open } = await context.database.transaction(async (client) => {
    const [row] = await lockPairs(client, [pair])
    const isSound = row !== undefined && row.last_error === null
    if (isSound) await saveCheckpoint(client, pair, 'verified')
    const saved = await checkpointsOf(client, pair, context.configuration_id)
    return { checkpoints: saved, open: isSound ? await openRecords(client, pair) : null }
  })
  const wanted = stretches === 'all' ? checkpoints : sinceLastCheck(checkpoints)
  const parity: Parity = { pair, since: wanted[0]?.written_at ?? null, transitions: 0, differences: [] }
  for (let i = 1; i < wanted.length; i++)
    await verifyStretch(context, spec, wanted[i - 1] as Checkpoint, wanted[i] as Checkpoint, parity)
  const last = wanted.at(-1)
  if (last !== undefined && open !== null)
    parity.differences.push(...openDifferences(spec, stateOf(spec, last), open))
  return parity
}

/** Up to the one just written, from the one before it that no correction wrote. */
function sinceLastCheck(checkpoints: readonly Checkpoint[]): readonly Checkpoint[] {
  const begin = checkpoints.slice(0, -1).findLastIndex(({ reason }) => !reason.endsWith('correction'))
  return checkpoints.slice(Math.max(0, begin))
}

/**
 * A stretch that ends in a catch-up was told out of order at its end, and one that ends where this configuration came into
 * force once more was told to another one: they are left out.
 */
async function verifyStretch(
  context: Context,
  spec: PairSpec,
  from: Checkpoint,
  to: Checkpoint,
  parity: Parity,
): Promise<void> {
  if (to.reason === 'catch-up' || to.reason === 'configuration') return
  const { database } = context
  const series = [...new Set(legsOf(spec).map((leg) => leg.facts.series))]
  const events = eventsOf(toldTicks(database.url, series, from.told_id, to.told_id))
  const tell = to.reason === 'correction' ? tellCorrecting : tellAgain
  const { state, transitions: told } = await tell(database, spec, from, events)
  const stored = await transitionsBetween(database, spec.pair, from.premium_id, to.premium_id)
  parity.transitions += stored.length
  const reminded = new Set(spec.rules.flatMap((rule) => (isReminded(rule) ? [rule.rule] : [])))
  const unnumbered = <Step extends { rule: string; sequence: number }>(step: Step): Step =>
    reminded.has(step.rule) ? { ...step, sequence: 0 } : step
  const expected = stored.map((step) => storedText(unnumbered(step)))
  const found = byRule(told).map((step, i) => toldText(unnumbered(step), stored[i]))
  for (let i = 0; i < Math.max(expected.length, found.length); i++) {
    if (expected[i] !== found[i])
      parity.differences.push(`stored ${expected[i] ?? 'nothing'}, replayed ${found[i] ?? 'nothing'}`)
  }
  if (to.state === null) return
  const live = stateOf(spec, to)
  for (const { rule } of spec.rules) {
    const [ours, theirs] = [live, state].map(({ rules }) => remembered(rules[rule], reminded.has(rule)))
    if (!isDeepStrictEqual(ours, theirs))
      parity.differences.push(`the state of rule ${rule} differs at ${to.written_at.toISOString()}`)
  }
}

function isReminded({ remind_ms, levels }: RuleSpec): boolean {
  return [remind_ms, ...levels.map((level) => level.remind_ms ?? null)].some((each) => each !== null)
}

type Told = Pick<OpenPair, 'state' | 'transitions'>

async function tellAgain(
  _: Database,
  spec: PairSpec,
  from: Checkpoint,
  events: AsyncIterable<readonly Event[]>,
): Promise<Told> {
  const transitions: Transition[] = []
  const state = await replay(spec, stateOf(spec, from), events, (step) => {
    transitions.push(...step.transitions)
  })
  return { state, transitions }
}

/** Polls that corrected: their rules are folded again over what was stored up to them. */
async function tellCorrecting(
  database: Database,
  spec: PairSpec,
  from: Checkpoint,
  events: AsyncIterable<readonly Event[]>,
): Promise<Told> {
  const row = { pair: spec.pair, state: null, folded: {}, last_error: null }
  const pair = { ...openPair(spec, row, []), state: stateOf(spec, from) }
  for await (const batch of events)
    for (const event of batch)
      if (event.is === 'ticks') await foldTicks(database, pair, event.ticks, event.seen_at, from.premium_id)
  return pair
}

/** Rule by rule, as they are stored; reminders go by the clock and are not compared. */
function byRule(transitions: readonly Transition[]): Transition[] {
  return transitions
    .filter(({ premium, kind }) => premium !== null && kind !== 'reminder')
    .sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
}

/** As it is opened: a rule that was edited since begins anew. */
function stateOf(spec: PairSpec, { state }: Checkpoint): PairState {
  if (state === null) return newState(spec)
  const opened = loadState(spec, state)
  for (const [name, { fingerprint }] of Object.entries(opened.rules)) {
    if (spec.rules.find(({ rule }) => rule === name)?.fingerprint !== fingerprint) setRule(opened, name, null)
  }
  return opened
}

/** How often a rule was reminded of, and when last, is the clock's: after a pause there is one reminder for several. */
function remembered(state: RuleState | undefined, reminded: boolean): unknown {
  if (state === undefined) return null
  const { breach } = state
  const told = breach === null || !reminded ? breach : { ...breach, sequence: 0, told_at: 0 }
  return JSON.parse(JSON.stringify({ ...state, breach: told }))
}
