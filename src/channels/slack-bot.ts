/**
 * Slack by bot token. The first message of a breach is changed to say how it stands; every later one answers in its
 * thread and is shown in the channel as well, for nobody is told of an answer in a thread that nobody follows. The first
 * one is followed by a chart in its thread.
 */
import { z } from 'zod'
import { jsonOf } from '../json-body.ts'
import { chartOf } from '../slack/chart.ts'
import { judgeSlack } from '../slack/judge.ts'
import { blocks, type Payload, plainText, withClosing } from '../slack/payload.ts'
import { upload } from '../slack/upload.ts'
import { VERSION } from '../version.ts'
import { closing } from '../wording/closing.ts'
import { readerSettings } from '../wording/settings.ts'
import type { Answer, Attempt, Message, RemoteChannel, Request, Verdict } from './channel.ts'

const settings = z.strictObject({
  token: z.string().regex(/^xox[a-z]-[\w-]+$/, 'a bot token begins with xoxb-'),
  channel: z.string().min(1).describe('its id, C..., or its name'),
  /** where the methods are: Slack for government agencies has another address */
  url: z.url({ protocol: /^https?$/ }).default('https://slack.com/api/'),
  chart: z
    .boolean()
    .default(true)
    .describe('a picture of the last hours in the thread; takes the scope files:write'),
  ...readerSettings,
})

type Settings = z.infer<typeof settings>

/** `only_shown`: the change of the first message is all that is told of it. */
interface Body extends Payload {
  only_shown?: true
}

export default {
  regime: 'chat',
  settings,
  example: {
    token: 'xoxb-0-invented',
    channel: 'C0000000000',
    url: 'https://slack.com/api/',
    chart: true,
    time_zone: 'Europe/Zurich',
    locale: 'en',
    templates: {},
  },
  min_gap_ms: 1_000,
  url: (settings) => method('chat.postMessage', settings),
  render: (message, reader) => JSON.stringify(shown(message, blocks(message, reader))),
  plain: (message, reader) => JSON.stringify(shown(message, plainText(message, reader))),
  request(body, attempt, settings) {
    const { only_shown, ...payload } = JSON.parse(body) as Body
    if (only_shown && attempt.receipt !== null) return change(payload, attempt.receipt, settings)
    const closed = withClosing(payload, closing(attempt, settings))
    const thread = attempt.receipt && { thread_ts: place(attempt.receipt).ts, reply_broadcast: true }
    return post('chat.postMessage', { channel: settings.channel, ...closed, ...thread }, settings)
  },
  judge,
  accepted: {
    status: 200,
    headers: {},
    body: '{"ok":true,"channel":"C0000000000","ts":"1769670046.000100"}',
  },
  edit: {
    shows: true,
    request(body, { receipt }: Attempt, settings) {
      const { only_shown, ...payload } = JSON.parse(body) as Body
      return receipt === null || only_shown ? null : change(payload, receipt, settings)
    },
    judge: (answer, now) =>
      UNCHANGEABLE.has(String(jsonOf(answer.body)?.['error'])) ? { is: 'gone' } : judge(answer, now),
  },
  follow(message, { first, now }, settings) {
    const file = settings.chart && first === null ? chartOf(message, settings) : null
    return file && now !== null
      ? upload(file, place(now), (name, form) => postForm(name, form, settings))
      : undefined
  },
} satisfies RemoteChannel<Settings>

/** Somebody has deleted the message, or the workspace no longer lets it be changed. */
const UNCHANGEABLE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed'])

function shown({ type }: Message, payload: Payload): Body {
  return type === 'breach.eased' ? { ...payload, only_shown: true } : payload
}

/** What is no place is not kept: the next message is a first one then. */
const RECEIPT = /^\w{1,40} [\d.]{1,40}$/

/** The status says nothing: only `ok` does, and the receipt is where the message stands. */
function judge(answer: Answer, now: Date): Verdict {
  const said = jsonOf(answer.body)
  const verdict = judgeSlack(answer, now, answer.status === 200 && said?.['ok'] === true)
  if (verdict.is !== 'delivered' || !said) return verdict
  const receipt = `${said['channel']} ${said['ts']}`
  return RECEIPT.test(receipt) ? { is: 'delivered', receipt } : { is: 'delivered' }
}

function change(payload: Payload, receipt: string, settings: Settings): Request {
  // without blocks of its own a change would keep those of the message
  return post('chat.update', { ...place(receipt), blocks: [], ...payload }, settings)
}

function place(receipt: string): { channel: string; ts: string } {
  const [channel = '', ts = ''] = receipt.split(' ')
  return { channel, ts }
}

function post(name: string, payload: object, settings: Settings): Request {
  const headers = { ...headersOf(settings), 'content-type': 'application/json; charset=utf-8' }
  return { url: method(name, settings), headers, body: JSON.stringify(payload) }
}

/** Slack reads JSON in some of its methods only; the places for files are not among them. */
function postForm(name: string, form: Record<string, string>, settings: Settings): Request {
  const headers = { ...headersOf(settings), 'content-type': 'application/x-www-form-urlencoded' }
  return { url: method(name, settings), headers, body: new URLSearchParams(form).toString() }
}

function headersOf({ token }: Settings): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'user-agent': `metalgap/${VERSION}` }
}

function method(name: string, { url }: Settings): string {
  return new URL(name, url.endsWith('/') ? url : `${url}/`).href
}
