import { randomUUID } from 'node:crypto'
import type { Message } from '../channels/channel.ts'
import type { Config } from '../config.ts'
import { withEvidenceLink } from '../message/evidence-link.ts'
import type { NewDelivery } from '../store/deliveries.ts'
import { type Route, routeTo } from './route.ts'

export interface Address {
  /** names of channels; one that is not configured is left out */
  to: readonly string[]
  /** a breach's id, or what else orders the deliveries that belong together */
  subject: string
  sequence: number
  breach_id: string | null
  severity: string
  /** written as what would be sent, never sent */
  shadow?: boolean
}

/** One delivery for each channel, rendered now so that every attempt sends the same bytes. */
export function addressed(
  config: Pick<Config, 'channels' | 'evidence_link'>,
  plain: Message,
  { to, shadow = false, ...address }: Address,
  now: Date,
): NewDelivery[] {
  const message = withEvidenceLink(plain, config.evidence_link)
  return [...new Set(to)].flatMap((channel) => {
    const route = routeTo(config, channel)
    if (!route) return []
    return [
      {
        delivery_id: randomUUID(),
        channel,
        ...address,
        state: shadow ? 'shadow' : 'pending',
        type: message.type,
        message,
        body: rendered(route, message),
        at: now,
      },
    ]
  })
}

/** What cannot be rendered must not keep a breach from being written: it is rendered, and fails in sight, at the attempt. */
function rendered({ code, settings }: Route, message: Message): string | null {
  try {
    return code.render(message, settings)
  } catch {
    return null
  }
}
