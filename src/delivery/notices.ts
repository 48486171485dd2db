import type { Message } from '../channels/channel.ts'
import type { Config } from '../config.ts'
import { notice } from '../message/notice.ts'
import type { Finish } from '../store/attempts.ts'
import type { Claimed } from '../store/claims.ts'
import type { NewDelivery } from '../store/deliveries.ts'
import { addressed } from './addressed.ts'
import type { Route } from './route.ts'

export interface Trouble {
  claimed: Claimed
  route: Route
  how: Finish
  disabled_now: boolean
  tell_operators: boolean
  now: Date
}

/** True for what the operators may have to hear of. */
export function isTrouble(how: Finish, tell_operators: boolean): boolean {
  return how.state === 'dead' || how.disable_reason !== null || tell_operators
}

/**
 * Tells the operators through every channel of theirs but the broken one. Of news about deliveries themselves
 * nothing further is told when it dies: two broken channels would tell of each other for ever.
 */
export function notices(config: Config, trouble: Trouble): NewDelivery[] {
  const { claimed, now } = trouble
  const to = config.operators.filter((channel) => channel !== claimed.channel)
  const tell = (message: Message, subject: string, severity: string) =>
    addressed(config, message, { to, subject, sequence: 1, breach_id: null, severity }, now)
  return news(trouble).flatMap(({ message, subject, severity }) => tell(message, subject, severity))
}

function news({ claimed, route, how, disabled_now, tell_operators, now }: Trouble) {
  const { channel, delivery_id } = claimed
  const reason = how.error ?? ''
  const about = { channel, kind: route.kind, since: now.toISOString(), reason }
  const day = now.toISOString().slice(0, 10)
  const isNotice = /^(channel\.(failing|disabled)|delivery\.)/.test(claimed.type)
  return [
    ...(disabled_now
      ? [
          {
            message: notice('channel.disabled', now, about),
            subject: `channel.disabled:${channel}:${now.toISOString()}`,
            severity: 'critical',
          },
        ]
      : []),
    ...(how.state === 'dead' && !isNotice
      ? [
          {
            message: notice('delivery.dead', now, dead(claimed, reason)),
            subject: `delivery.dead:${delivery_id}:${claimed.attempts}`,
            severity: 'critical',
          },
        ]
      : []),
    // Once a day for each status: everything that waits for the channel meets the same refusal.
    ...(tell_operators && how.state === 'pending'
      ? [
          {
            message: notice('channel.failing', now, about),
            subject: `channel.failing:${channel}:${how.status}:${day}`,
            severity: 'warning',
          },
        ]
      : []),
  ]
}

function dead({ delivery_id, channel, type, breach_id, sequence, attempts }: Claimed, reason: string) {
  return {
    delivery_id,
    channel,
    what: type,
    about: breach_id === null ? null : { breach_id, sequence },
    attempts,
    reason,
  }
}
