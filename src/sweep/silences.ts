/** What time does to silences and mute windows: a word before one runs out, one summary of what is still raised. */
import type { Message } from '../channels/channel.ts'
import type { Context } from '../context.ts'
import { addressed } from '../delivery/addressed.ts'
import { type SilenceFacts, silenceMessage } from '../message/silences.ts'
import type { Client } from '../store/database.ts'
import { type Due, insertDeliveries } from '../store/deliveries.ts'
import { dueMuted, leaveToMute, postponeMuted, takeMuted } from '../store/muted.ts'
import { coverKept, keptUntold, releaseClosings } from '../store/silenced.ts'
import {
  endSilence,
  hasOpen,
  lockSilences,
  markWarned,
  type RaisedBreach,
  raisedBreaches,
  type Silence,
  silencesAt,
} from '../store/silences.ts'
import { isAbout, muteOf, silenceOf, type Told } from '../telling/quiet.ts'
import { recipients } from '../telling/routing.ts'

/** How long before its end a silence is announced, but not in the first half of its time. */
const NOTICE_MS = 3_600_000

/** For the sweep: whatever replica comes first does it, in one transaction. */
export async function watchSilences(context: Told & Pick<Context, 'database'>): Promise<void> {
  await context.database.transaction(async (client) => {
    const silences = await lockSilences(client)
    const raised = silences.length === 0 ? [] : await raisedBreaches(client)
    for (const silence of silences) {
      const its = raised.filter((breach) => isAbout(silence, breach))
      const end = await endOf(client, silence, its, context.now())
      if (end !== null) await finish(context, client, silence, end)
      else if (isAlmostOver(silence, context.now())) await warn(context, client, silence, its)
    }
  })
  await context.database.transaction((client) => sumMuted(context, client))
}

async function endOf(
  client: Client,
  silence: Silence,
  its: readonly RaisedBreach[],
  now: Date,
): Promise<string | null> {
  if (silence.until <= now) return 'ran out'
  if (!silence.until_cleared || its.length > 0) return null
  return (await hasOpen(client, silence)) ? null : 'cleared'
}

function isAlmostOver({ began_at, until, warned_at }: Silence, now: Date): boolean {
  const notice = Math.min(NOTICE_MS, (until.getTime() - began_at.getTime()) / 2)
  return warned_at === null && now.getTime() >= until.getTime() - notice
}

async function warn(context: Told, client: Client, silence: Silence, its: readonly RaisedBreach[]) {
  const now = context.now()
  await markWarned(client, silence.silence_id, now)
  const message = silenceMessage('silence.ending', now, { silence, why: 'runs out', breaches: its })
  const { operators } = context.config
  await send(context, client, operators, `silence/${silence.silence_id}`, 1, 'info', message)
}

/** Ends a silence and tells whoever would have heard of it what is still raised; null when it has ended before. */
export async function finish(
  context: Told,
  client: Client,
  { silence_id }: Pick<Silence, 'silence_id'>,
  ended_by: string,
): Promise<Silence | null> {
  const silence = await endSilence(client, silence_id, context.now(), ended_by)
  if (silence === null) return null
  const told = await toSumUp(context, client, silence)
  for (const [channel, all] of Map.groupBy(told, (one) => one.channel)) {
    const breaches = await unmuted(
      context,
      client,
      channel,
      all.map(({ breach }) => breach),
    )
    const why = ended_by === 'ran out' ? 'ran out' : `ended by ${ended_by}`
    if (breaches.length > 0)
      await sum(context, client, channel, `silence/${silence_id}`, { silence, why, breaches })
  }
  return silence
}

/** What it is about, to all who would hear of it; and what another kept from a channel while it was of another severity. */
async function toSumUp(context: Told, client: Client, silence: Silence) {
  const kept = Map.groupBy(await keptUntold(client), ({ breach_id }) => breach_id)
  return (await stillHeard(context, client)).flatMap((breach) => {
    const about = isAbout(silence, breach) ? channelsOf(context, breach) : []
    const others = (kept.get(breach.breach_id) ?? []).map(({ channel }) => channel)
    return [...new Set([...about, ...others])].map((channel) => ({ channel, breach }))
  })
}

/** The others are left to the end of the mute window that keeps them from the channel now. */
async function unmuted(
  { config, now }: Told,
  client: Client,
  channel: string,
  breaches: readonly RaisedBreach[],
): Promise<RaisedBreach[]> {
  const heard: RaisedBreach[] = []
  for (const breach of breaches) {
    const until = muteOf(config, breach.rule, channel, now())?.silenced_until ?? null
    if (until === null) heard.push(breach)
    else await leaveToMute(client, { breach_id: breach.breach_id, channel, until })
  }
  return heard
}

async function sumMuted(context: Told, client: Client): Promise<void> {
  const now = context.now()
  for (const { channel, rule } of await dueMuted(client, now)) {
    const until = muteOf(context.config, rule, channel, now)?.silenced_until ?? null
    if (until !== null) await postponeMuted(client, { channel, rule, now, until })
  }
  await releaseClosings(client, now)
  const muted = await takeMuted(client, now)
  if (muted.length === 0) return
  const open = await stillHeard(context, client)
  for (const [channel, all] of Map.groupBy(muted, (one) => one.channel)) {
    const ids = new Set(all.map(({ breach_id }) => breach_id))
    const breaches = open.filter(({ breach_id }) => ids.has(breach_id))
    const why = `${[...new Set(all.map(({ silenced }) => silenced))].join(' and ')} is over`
    const subject = `mute/${channel}/${now.toISOString()}`
    if (breaches.length > 0) await sum(context, client, channel, subject, { silence: null, why, breaches })
  }
}

/** Breaches that no other silence keeps quiet. */
async function stillHeard(context: Told, client: Client): Promise<RaisedBreach[]> {
  const silences = await silencesAt(client, context.now())
  return (await raisedBreaches(client)).filter((breach) => silenceOf(silences, breach) === undefined)
}

function channelsOf({ config }: Told, breach: RaisedBreach): string[] {
  const rule = config.rules[breach.rule]
  if (rule === undefined || rule.shadow) return []
  return recipients(config, rule, breach.severity).map(({ channel }) => channel)
}

async function sum(
  context: Told,
  client: Client,
  channel: string,
  subject: string,
  facts: SilenceFacts,
): Promise<void> {
  const worst = ['critical', 'warning'].find((one) => facts.breaches.some(({ severity }) => severity === one))
  const message = silenceMessage('silence.ended', context.now(), facts)
  const breach_ids = facts.breaches.map(({ breach_id }) => breach_id)
  for (const { delivery_id } of await send(context, client, [channel], subject, 2, worst ?? 'info', message))
    await coverKept(client, { summary: delivery_id, channel, breach_ids })
}

async function send(
  context: Told,
  client: Client,
  to: readonly string[],
  subject: string,
  sequence: number,
  severity: string,
  message: Message,
): Promise<Due[]> {
  const address = { to, subject, sequence, breach_id: null, severity }
  return insertDeliveries(client, addressed(context.config, message, address, context.now()))
}
