/** A desk whose channel `bot` is a Slack bot at a server that speaks like Slack's Web API. */
import type { Message } from '../../src/channels/channel.ts'
import slackBot from '../../src/channels/slack-bot.ts'
import type { Outcome } from '../../src/deliver.ts'
import { addressed } from '../../src/delivery/addressed.ts'
import { saveChannels } from '../../src/store/channels.ts'
import { type Due, insertDeliveries } from '../../src/store/deliveries.ts'
import { type Desk, openDesk } from './desk.ts'

export interface Bot extends Desk {
  /** writes the next step of the one breach and sends it */
  tell(message: Message): Promise<Outcome & { due: Due }>
}

/** `url` is the server's, without a path. */
export async function openBot(url: string, settings: { chart?: boolean } = {}): Promise<Bot> {
  const desk = await openDesk({})
  const { database, config } = desk.context
  const bot = { ...slackBot.example, url: `${url}/api/`, ...settings }
  config.channels['bot'] = { channel: 'bot', kind: 'slack-bot', settings: bot }
  await saveChannels(database, Object.values(config.channels))
  let sequence = 0
  return {
    ...desk,
    async tell(message) {
      const step = { subject: 'a', sequence: ++sequence, breach_id: null, severity: 'warning' }
      const written = addressed(config, message, { to: ['bot'], ...step }, desk.context.now())
      const [due] = (await insertDeliveries(database, written)) as [Due]
      return { due, ...(await desk.send(due)) }
    },
  }
}
