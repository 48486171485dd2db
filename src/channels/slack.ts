/** A Slack incoming webhook. It can neither change nor answer what it has posted: that is what `slack-bot` is for. */
import { z } from 'zod'
import { errorWord, judgeSlack } from '../slack/judge.ts'
import { blocks, type Payload, plainText, withClosing } from '../slack/payload.ts'
import { VERSION } from '../version.ts'
import { closing } from '../wording/closing.ts'
import { readerSettings } from '../wording/settings.ts'
import type { RemoteChannel } from './channel.ts'

const settings = z.strictObject({ url: z.url({ protocol: /^https?$/ }), ...readerSettings })

type Settings = z.infer<typeof settings>

export default {
  regime: 'chat',
  settings,
  example: {
    url: 'https://hooks.slack.com/services/T000/B000/invented',
    time_zone: 'Europe/Zurich',
    locale: 'de-CH',
    templates: {},
  },
  min_gap_ms: 1_000,
  folds: true,
  url: ({ url }) => url,
  render: (message, reader) => JSON.stringify(blocks(message, reader)),
  plain: (message, reader) => JSON.stringify(plainText(message, reader)),
  request(body, attempt, { url, ...reader }) {
    const lines = closing(attempt, reader)
    return {
      url,
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': `metalgap/${VERSION}` },
      body: lines.length === 0 ? body : JSON.stringify(withClosing(JSON.parse(body) as Payload, lines)),
    }
  },
  judge: (answer, now) => judgeSlack(answer, now, answer.status === 200 && errorWord(answer.body) === 'ok'),
  accepted: { status: 200, headers: {}, body: 'ok' },
} satisfies RemoteChannel<Settings>
