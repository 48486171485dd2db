/** A Slack incoming webhook. Untrusted text goes into plain_text only: mrkdwn cannot be escaped completely. */
import { z } from 'zod'
import { isZone } from '../engine/zone.ts'
import { retryAfterMs } from '../retry-after.ts'
import { cut } from '../text.ts'
import { VERSION } from '../version.ts'
import { type Wording, wording } from '../wording.ts'
import type { Answer, Message, RemoteChannel, Verdict } from './channel.ts'

/** In code points. Slack allows 150, 3,000 and 40,000, and refuses some 10,000 in total (`msg_blocks_too_long`). */
const HEADER = 150
const SECTION = 2_900
const TEXT = 3_000
const RATE_LIMIT_PAUSE_MS = 5_000

const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** of the people who read: Slack shows each their own time, this is what a notification says */
  time_zone: z.string().refine(isZone, 'not an IANA time zone such as Europe/Zurich').default('UTC'),
})

type Settings = z.infer<typeof settings>

export default {
  regime: 'chat',
  settings,
  example: { url: 'https://hooks.slack.com/services/T000/B000/invented', time_zone: 'Europe/Zurich' },
  min_gap_ms: 1_000,
  folds: true,
  url: ({ url }) => url,
  render: (message, { time_zone }) => JSON.stringify(blocks(message, wording(message, time_zone))),
  plain: (message, { time_zone }) => JSON.stringify(plainText(wording(message, time_zone))),
  request(body, { maybe_repeated }, { url }) {
    return {
      url,
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': `metalgap/${VERSION}` },
      body: maybe_repeated ? markedAsRepeated(body) : body,
    }
  },
  judge,
  accepted: { status: 200, headers: {}, body: 'ok' },
} satisfies RemoteChannel<Settings>

function blocks(message: Message, words: Wording) {
  const section = words.lines.map(({ label, text }) => `${label}: ${text}`).join('\n')
  return {
    ...plainText(words),
    blocks: [
      { type: 'header', text: plain(words.headline, HEADER) },
      { type: 'section', text: plain(section, SECTION) },
      { type: 'context', elements: [{ type: 'mrkdwn', text: localTime(message, words) }] },
    ],
  }
}

function plainText({ headline, lines }: Wording) {
  const text = [headline, ...lines.map(({ label, text }) => `${label}: ${text}`)].join('\n')
  return { text: escaped(cut(text, TEXT)), mrkdwn: false }
}

function plain(text: string, most: number) {
  return { type: 'plain_text', text: cut(text, most), emoji: false }
}

/** Slack wants these three escaped and no others. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

function localTime({ timestamp }: Message, { when }: Wording): string {
  const seconds = Math.floor(Date.parse(timestamp) / 1000)
  return `<!date^${seconds}^{date_short_pretty} {time}|${escaped(when)}>`
}

function markedAsRepeated(body: string): string {
  const payload = JSON.parse(body) as { text: string; blocks?: unknown[] }
  const note = '(sent again: an earlier attempt may have arrived)'
  const block = { type: 'context', elements: [{ type: 'plain_text', text: note, emoji: false }] }
  return JSON.stringify({
    ...payload,
    text: `${payload.text}\n${note}`,
    ...(payload.blocks && { blocks: [...payload.blocks, block] }),
  })
}

const REFUSED = /^(invalid_payload|invalid_blocks|no_text|msg_blocks_too_long|too_many_attachments)$/
const GONE =
  /^(no_service|no_service_id|no_active_hooks|channel_.*|no_team|team_disabled|user_not_found|action_prohibited|posting_to_general_channel_denied|invalid_token)$/

/** By the word in the body: the status that carries it varies, and may be 200 (ALERTING 1.8). */
function judge({ status, headers, body }: Answer, now: Date): Verdict {
  const word = errorWord(body)
  const why = `answered ${status}${/^[a-z_]{1,60}$/.test(word) ? ` ${word}` : ''}`
  if (status === 200 && word === 'ok') return { is: 'delivered' }
  if (status !== 429 && REFUSED.test(word)) return { is: 'plain', why }
  if (status !== 429 && (GONE.test(word) || status === 410)) return { is: 'disable', why }
  const pause = retryAfterMs(headers, now) ?? (status === 429 ? RATE_LIMIT_PAUSE_MS : null)
  if (pause !== null) return { is: 'retry', why, retry_after_ms: pause }
  return status >= 500 || word === 'rollup_error'
    ? { is: 'retry', why }
    : { is: 'retry', why, tell_operators: true }
}

function errorWord(body: string): string {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer === 'object' && answer && 'error' in answer) return String(answer.error)
    return typeof answer === 'object' && answer && 'ok' in answer && answer.ok === true ? 'ok' : body.trim()
  } catch {
    return body.trim()
  }
}
