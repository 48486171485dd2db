/** Tries a channel the way every alert goes: an invented breach is written as a delivery and delivered. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { deliver } from './deliver.ts'
import { addressed } from './delivery/addressed.ts'
import type { Delivering } from './delivery/attempt.ts'
import { testMessage } from './message/test-message.ts'
import { type ChannelState, channelStates, ensureChannels } from './store/channels.ts'
import { deliveryOutcome, insertDeliveries } from './store/deliveries.ts'

export interface Tried {
  channel: string
  /** the webhook-id */
  delivery_id: string
  delivered: boolean
  attempts: number
  status: number | null
  /** why not, null when it was delivered */
  problem: string | null
  /** its channel lets nothing out until it is enabled */
  disabled: boolean
  next_attempt_at: Date | null
}

const PATIENCE_MS = 20_000
const LOOK_EVERY_MS = 250

/** `channel` is configured. Waits while the channel paces itself, or while a running process has been faster. */
export async function tryChannel(context: Delivering, channel: string): Promise<Tried> {
  const { config, database, now } = context
  await ensureChannels(database, Object.values(config.channels))
  const address = {
    to: [channel],
    subject: `channel.test:${randomUUID()}`,
    sequence: 1,
    breach_id: null,
    severity: 'info',
  }
  const [due] = await insertDeliveries(database, addressed(config, testMessage(now()), address, now()))
  if (due === undefined) throw new Error(`no delivery was written for ${channel}`)
  const { delivery_id } = due
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    await deliver(context, { delivery_id, channel })
    const row = await deliveryOutcome(database, delivery_id)
    const state = await stateOf(context, channel)
    const held = row.attempts > 0 ? null : holdOf(context, state)
    if (row.state !== 'pending' || row.last_error !== null || held !== null || waited >= PATIENCE_MS) {
      const problem = row.state === 'delivered' ? null : (row.last_error ?? held ?? 'its turn did not come')
      const { attempts, last_status: status, next_attempt_at } = row
      return {
        channel,
        delivery_id,
        delivered: row.state === 'delivered',
        attempts,
        status,
        problem,
        disabled: row.state === 'pending' && state?.disabled_at != null,
        next_attempt_at,
      }
    }
    await sleep(LOOK_EVERY_MS)
  }
}

async function stateOf({ database }: Delivering, channel: string): Promise<ChannelState | undefined> {
  return (await channelStates(database)).find((one) => one.channel === channel)
}

/** Why the channel lets nothing out; null when it only paces itself. */
function holdOf({ now }: Delivering, state: ChannelState | undefined): string | null {
  if (state?.disabled_at)
    return `it is disabled since ${state.disabled_at.toISOString()}: ${state.disabled_reason ?? 'no reason was given'}`
  if (state?.paused_until && state.paused_until.getTime() - now().getTime() > PATIENCE_MS)
    return `its receiver asked for a pause until ${state.paused_until.toISOString()}`
  return null
}
