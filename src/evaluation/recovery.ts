/** What a pair needs before it may go on: rules that are gone are closed, ticks that it missed are folded. */
import type { Message } from '../channels/channel.ts'
import type { Context } from '../context.ts'
import { addressed } from '../delivery/addressed.ts'
import type { Tick } from '../engine/model.ts'
import { legsOf } from '../engine/spec.ts'
import { setRule } from '../engine/state.ts'
import { type OpenPair, openPair } from '../evaluation.ts'
import type { OpenBreach } from '../store/breaches.ts'
import { type ClosedBreach, closeBreach } from '../store/closing.ts'
import { endComparability } from '../store/comparability.ts'
import type { Client } from '../store/database.ts'
import { type Due, insertDeliveries } from '../store/deliveries.ts'
import { forgetRules, type PairRow } from '../store/pairs.ts'
import { silencesAt } from '../store/silences.ts'
import { lastGoodTick, ticksSince } from '../store/ticks.ts'
import { quieted } from '../telling/quiet.ts'
import { foldTicks } from './refold.ts'
import { fillWindows } from './windows.ts'

export interface Reopened {
  pair: OpenPair
  due: Due[]
}

/** Opens a locked pair; a breach whose rule was edited or removed since is closed with that reason. */
export async function reopen(
  context: Context,
  client: Client,
  row: PairRow,
  open: readonly OpenBreach[],
): Promise<Reopened> {
  const spec = context.specs[row.pair]
  if (spec === undefined) throw new Error(`no pair ${row.pair}`)
  const pair = openPair(spec, row, open)
  const due: Due[] = []
  for (const [name, state] of Object.entries(pair.state.rules)) {
    const rule = spec.rules.find((one) => one.rule === name)
    if (rule?.fingerprint === state.fingerprint) continue
    setRule(pair.state, name, null)
    pair.touched = true
    if (state.breach === null) continue
    const reason = rule === undefined ? 'rule-removed' : 'rule-changed'
    due.push(...(await close(context, client, { pair: row.pair, rule: name, reason })))
  }
  await fillWindows(client, pair, context.now())
  return { pair, due }
}

/** Closes the breaches of a pair that was disabled or removed, and its comparability: nothing will observe their end. */
export async function retire(
  context: Context,
  client: Client,
  pair: string,
  open: readonly OpenBreach[],
): Promise<Due[]> {
  if (!(await forgetRules(client, pair))) return []
  await endComparability(client, pair, context.now())
  const due: Due[] = []
  for (const { rule } of open)
    due.push(...(await close(context, client, { pair, rule, reason: 'rule-removed' })))
  return due
}

async function close(
  context: Context,
  client: Client,
  of: { pair: string; rule: string; reason: string },
): Promise<Due[]> {
  const closed = await closeBreach(client, { ...of, now: context.now() })
  return closed === null ? [] : tellClosed(context, client, closed)
}

/** Those who heard of the breach hear that it ended; the rule itself may be gone, so its last message is the source. */
async function tellClosed(context: Context, client: Client, closed: ClosedBreach): Promise<Due[]> {
  if (closed.last_message === null) return []
  const { breach_id, sequence, severity, reason, channels } = closed
  const message: Message = {
    type: 'breach.cleared',
    timestamp: context.now().toISOString(),
    data: { ...closed.last_message.data, sequence, severity, reason },
  }
  const address = { to: channels, subject: breach_id, sequence, breach_id, severity }
  const deliveries = addressed(context.config, message, address, context.now())
  return insertDeliveries(
    client,
    await quieted(context, client, deliveries, await silencesAt(client, context.now())),
  )
}

/**
 * A pair that was left behind folds every tick since; any other only takes the last good tick of a leg that it has not
 * seen: one that is new to it, or that was polled while the pair was off.
 */
export async function catchUp(client: Client, pair: OpenPair): Promise<void> {
  const missed: Tick[] = []
  for (const { facts } of legsOf(pair.spec)) {
    const folded = pair.folded[facts.series]
    if (pair.behind && folded !== undefined) missed.push(...(await ticksSince(client, facts.series, folded)))
    else {
      const last = await lastGoodTick(client, facts.series)
      if (last !== null && last.tick_id > (folded ?? 0)) missed.push(last)
    }
  }
  missed.sort((a, b) => a.tick_id - b.tick_id)
  for (const tick of missed) await foldTicks(client, pair, [tick], tick.seen_at)
}
