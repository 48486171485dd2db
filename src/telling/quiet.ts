/** What is written and not sent: because of a silence, a mute window or an acknowledgement, which is then named. */
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { mutedUntil } from '../engine/mute.ts'
import { acknowledgedBy } from '../store/acknowledgements.ts'
import type { Client } from '../store/database.ts'
import type { NewDelivery, Silenced } from '../store/deliveries.ts'
import { isClosing, wasTold } from '../store/silenced.ts'
import type { Matcher, Silence } from '../store/silences.ts'

/** What of the context is needed to know who hears of an alert. */
export type Told = Pick<Context, 'config' | 'now'>

/** Facts of an alert that silences are about. */
export type About = { [Key in keyof Matcher]: string }

/**
 * Every delivery, in order, that is not to be sent becomes a silenced one; nothing is left out. `silences` are those that hold: they let
 * the end through of what a channel was told before.
 */
export async function quieted(
  context: Told,
  client: Client,
  deliveries: readonly NewDelivery[],
  silences: readonly Silence[],
): Promise<(NewDelivery & Partial<Silenced>)[]> {
  const quiet: (NewDelivery & Partial<Silenced>)[] = []
  for (const delivery of deliveries) {
    const silenced =
      delivery.state === 'pending' ? await reasonFor(context, client, silences, delivery, quiet) : null
    quiet.push(silenced === null ? delivery : { ...delivery, state: 'silenced', ...silenced })
  }
  return quiet
}

async function reasonFor(
  { config, now }: Told,
  client: Client,
  silences: readonly Silence[],
  { breach_id, type, channel, message, severity }: NewDelivery,
  before: readonly NewDelivery[],
): Promise<Silenced | null> {
  if (breach_id === null) return null
  const { pair, rule, metal } = message.data as Record<keyof Matcher, string>
  const silence = silenceOf(silences, { pair, rule, metal, severity })
  const toldNow = before.some(
    (one) => one.breach_id === breach_id && one.channel === channel && one.state === 'pending',
  )
  if (silence !== undefined && !(isClosing(type) && (toldNow || (await wasTold(client, breach_id, channel)))))
    return bySilence(silence)
  // Before the mute window, whose end tells what it has kept: of this nobody wants to be reminded then either.
  const who = type === 'breach.reminder' ? await acknowledgedBy(client, breach_id) : null
  if (who !== null) return { silenced: `acknowledged by ${who}`, silence_id: null, silenced_until: null }
  return muteOf(config, rule, channel, now())
}

function bySilence({ silence_id, who, reason }: Silence): Silenced {
  return { silenced: `silence ${silence_id} of ${who}: ${reason}`, silence_id, silenced_until: null }
}

/** The first silence that an alert falls under. */
export function silenceOf(silences: readonly Silence[], about: About): Silence | undefined {
  return silences.find((silence) => isAbout(silence, about))
}

export function isAbout(matcher: Matcher, about: About): boolean {
  return (['pair', 'rule', 'metal', 'severity'] as const).every(
    (key) => matcher[key] === null || matcher[key] === about[key],
  )
}

/** The mute window of a rule or of a channel, whichever ends later. */
export function muteOf(
  { rules, channels }: Pick<Config, 'rules' | 'channels'>,
  rule: string,
  channel: string,
  now: Date,
): Silenced | null {
  const windows = [
    { of: `rule ${rule}`, until: mutedUntil(rules[rule]?.mute ?? [], now.getTime()) },
    { of: `channel ${channel}`, until: mutedUntil(channels[channel]?.mute ?? [], now.getTime()) },
  ]
  const [last] = windows
    .flatMap(({ of, until }) => (until === null ? [] : [{ of, until }]))
    .sort((a, b) => b.until - a.until)
  if (last === undefined) return null
  return {
    silenced: `mute window of ${last.of}`,
    silence_id: null,
    silenced_until: new Date(last.until),
  }
}
