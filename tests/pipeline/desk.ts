/** A desk from which deliveries go out: a database, a clock that the test moves, channels that lead to a destination. */
import { pino } from 'pino'
import slack from '../../src/channels/slack.ts'
import type { Config } from '../../src/config.ts'
import { deliver, type Outcome } from '../../src/deliver.ts'
import { addressed } from '../../src/delivery/addressed.ts'
import type { Delivering } from '../../src/delivery/attempt.ts'
import { saveChannels } from '../../src/store/channels.ts'
import { type Due, insertDeliveries } from '../../src/store/deliveries.ts'
import { breach, NOW } from '../channels/samples.ts'
import { freshDatabase } from '../database.ts'

export const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

interface About {
  subject?: string
  sequence?: number
  severity?: string
  type?: string
}

export interface Desk extends AsyncDisposable {
  context: Delivering
  /** what was logged */
  log: Record<string, unknown>[]
  /** writes a message to a channel */
  write(channel: string, about?: About): Promise<Due>
  send(due: Due): Promise<Outcome>
  wait(ms: number): void
  row(due: Due): Promise<Record<string, unknown>>
  attempts(due: Due): Promise<string[]>
  /** what was written to the operators */
  news(): Promise<{ channel: string; type: string; message: { data: Record<string, unknown> } }[]>
}

/** Channels `risk` (webhook), `chat` (slack), `ops` (webhook, hears what operators hear) and `hanging-0`, ... (webhooks). */
export async function openDesk(
  urls: { risk?: string; chat?: string; hanging?: string[] },
  allow_private = ['127.0.0.0/8'],
): Promise<Desk> {
  const database = await freshDatabase()
  const log: Record<string, unknown>[] = []
  const webhook = (channel: string, url: string) => ({
    channel,
    kind: 'webhook',
    settings: { url, secrets: [SECRET], headers: {} },
  })
  const channels = {
    risk: webhook('risk', urls.risk ?? 'http://127.0.0.1:9/hook'),
    ops: webhook('ops', 'http://127.0.0.1:9/ops'),
    chat: {
      channel: 'chat',
      kind: 'slack',
      settings: slack.settings.parse({ url: urls.chat ?? 'http://127.0.0.1:9/chat' }),
    },
  }
  for (const [i, url] of (urls.hanging ?? []).entries())
    Object.assign(channels, { [`hanging-${i}`]: webhook(`hanging-${i}`, url) })
  const config = { channels, operators: ['ops', 'risk'], network: { allow_private } } as unknown as Config
  let now = NOW.getTime()
  const context: Delivering = {
    config,
    database,
    log: pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) }),
    now: () => new Date(now),
    life: new AbortController().signal,
  }
  // deliveries of breaches that nobody raised
  await database.query('alter table metalgap.deliveries drop constraint deliveries_breach_id_fkey')
  await saveChannels(database, Object.values(channels))
  const one = async (sql: string, due: Due) => (await database.query(sql, [due.delivery_id])).rows
  return {
    context,
    log,
    async write(channel, { subject = 'a', sequence = 1, severity = 'warning', type } = {}) {
      const address = { to: [channel], subject, sequence, breach_id: breachOf(subject), severity }
      const [due] = await insertDeliveries(
        database,
        addressed(config, breach(type, { severity }), address, context.now()),
      )
      return due as Due
    },
    send: (due) => deliver(context, { delivery_id: due.delivery_id }),
    wait: (ms) => {
      now += ms
    },
    row: async (due) => (await one('select * from metalgap.deliveries where delivery_id = $1', due))[0] ?? {},
    attempts: async (due) =>
      (await one('select outcome from metalgap.attempts where delivery_id = $1 order by number', due)).map(
        ({ outcome }) => String(outcome),
      ),
    news: async () =>
      (
        await database.query<{ channel: string; type: string; message: { data: Record<string, unknown> } }>(
          `select channel, type, message from metalgap.deliveries where type !~ '^breach' order by created_at`,
        )
      ).rows,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

function breachOf(subject: string): string {
  return `00000000-0000-4000-8000-${Buffer.from(subject).toString('hex').padStart(12, '0').slice(-12)}`
}
