/** Metalgap's side: a database, one channel, and the delivery of the real pipeline on a clock that the fault may move. */
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import type { Message } from '../../src/channels/channel.ts'
import type { Config } from '../../src/config.ts'
import { deliver } from '../../src/deliver.ts'
import { addressed } from '../../src/delivery/addressed.ts'
import type { Delivering } from '../../src/delivery/attempt.ts'
import { testMessage } from '../../src/message/test-message.ts'
import { loadChannels } from '../../src/shelf.ts'
import { saveChannels } from '../../src/store/channels.ts'
import type { Database } from '../../src/store/database.ts'
import { dueDeliveries, insertDeliveries } from '../../src/store/deliveries.ts'

export interface Us {
  /** writes a step as a transition's transaction would */
  write(type: 'breach.raised' | 'breach.cleared', sequence: number, data?: object): Promise<void>
  /** what any process does that looks in Postgres: everything that is due */
  work(): Promise<void>
  /** would the configuration take these settings beside those that it has? */
  accepts(more: object): boolean
  wait(ms: number): void
}

export async function openUs(database: Database, kind: 'slack' | 'webhook', given: object): Promise<Us> {
  const subject = randomUUID()
  const code = (await loadChannels())[kind]
  if (!code) throw new Error(`no channel ${kind}`)
  const settings = code.settings.parse(given) as Record<string, unknown>
  const channel = `${kind}-${subject}`
  const channels = { [channel]: { channel, kind, settings } }
  await saveChannels(database, Object.values(channels))
  let ahead = 0
  const context: Delivering = {
    config: { channels, operators: [], network: { allow_private: ['127.0.0.0/8'] } } as unknown as Config,
    database,
    log: pino({ level: 'silent' }),
    now: () => new Date(Date.now() + ahead),
    life: new AbortController().signal,
  }
  const due = async () =>
    (await dueDeliveries(database, context.now(), 50)).filter((one) => one.channel === channel)
  return {
    async write(type, sequence, data = {}) {
      const example = testMessage(context.now())
      const message: Message = {
        ...example,
        type,
        data: { ...example.data, test: false, reason: 'first', ...data },
      }
      const address = { to: [channel], subject, sequence, breach_id: null, severity: 'warning' }
      await insertDeliveries(database, addressed(context.config, message, address, context.now()))
    },
    async work() {
      for (const { delivery_id } of await due()) await deliver(context, { delivery_id, channel })
    },
    accepts: (more) => code.settings.safeParse({ ...given, ...more }).success,
    wait: (ms) => {
      ahead += ms
    },
  }
}
