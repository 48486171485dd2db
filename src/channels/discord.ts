/** A Discord webhook: the headline as text, so that a phone shows it, and the facts in an embed. */
import { z } from 'zod'
import { retryAfterMs } from '../http/retry-after.ts'
import { jsonOf } from '../json-body.ts'
import { cut } from '../text.ts'
import { VERSION } from '../version.ts'
import { closing } from '../wording/closing.ts'
import { readerSettings } from '../wording/settings.ts'
import { type Line, lineText, wording } from '../wording.ts'
import type { Answer, Message, RemoteChannel, Verdict } from './channel.ts'

/** In code points and before escaping, which may double them; Discord allows 2,000, 4,096 and 6,000 in all. */
const CONTENT = 500
const DESCRIPTION = 1_900
const RATE_LIMIT_PAUSE_MS = 5_000
const CAP_MS = 3_600_000

const settings = z.strictObject({ url: z.url({ protocol: /^https?$/ }), ...readerSettings })

type Settings = z.infer<typeof settings>

interface Payload {
  content: string
  embeds?: object[]
}

// Nobody is called by a name that stands in a text.
const NO_MENTIONS = { allowed_mentions: { parse: [] } }

export default {
  regime: 'chat',
  settings,
  example: {
    url: 'https://discord.com/api/webhooks/1/invented',
    time_zone: 'Europe/Zurich',
    locale: 'en',
    templates: {},
  },
  min_gap_ms: 1_000,
  folds: true,
  url: ({ url }) => url,
  render(message, reader) {
    const { headline, lines, link } = wording(message, reader)
    const { timestamp } = message
    const linked = link === null ? {} : { title: 'Evidence', url: link }
    const embed = { ...linked, description: description(lines), color: colour(message), timestamp }
    return JSON.stringify({ content: content(headline), embeds: [embed], ...NO_MENTIONS })
  },
  plain(message, reader) {
    const { headline, lines } = wording(message, reader)
    const text = cut([headline, ...lines.map(lineText)].join('\n'), DESCRIPTION / 2)
    return JSON.stringify({ content: escaped(text), ...NO_MENTIONS })
  },
  request(body, attempt, { url, ...reader }) {
    const lines = closing(attempt, reader)
    return {
      url: waiting(url),
      headers: { 'content-type': 'application/json', 'user-agent': `metalgap/${VERSION}` },
      body: lines.length === 0 ? body : withClosing(JSON.parse(body) as Payload, lines),
    }
  },
  judge,
  accepted: { status: 200, headers: {}, body: '{"id":"1","type":0}' },
} satisfies RemoteChannel<Settings>

/** Discord then answers when the message stands, with what it refuses of it, and not at once with 204. */
function waiting(url: string): string {
  const asked = new URL(url)
  asked.searchParams.set('wait', 'true')
  return asked.href
}

function content(headline: string): string {
  return `**${escaped(cut(headline, CONTENT))}**`
}

function description(lines: readonly Line[]): string {
  return cut(lines.map(lineText).join('\n'), DESCRIPTION).split('\n').map(escaped).join('\n')
}

/** Every mark that Discord reads as markup; a backslash before it makes it a letter. */
function escaped(text: string): string {
  return text.replace(/[\\*_~`|>#\-+[\]()<:@]/g, '\\$&')
}

const COLOURS: Record<string, number> = { critical: 0xd92d20, warning: 0xf79009, info: 0x1570ef }
const GREEN = 0x12b76a

function colour({ type, data }: Message): number | undefined {
  return /cleared|recovered|retracted/.test(type) ? GREEN : COLOURS[String(data['severity'])]
}

function withClosing(payload: Payload, lines: readonly string[]): string {
  return JSON.stringify({ ...payload, content: [payload.content, ...lines].join('\n') })
}

/** 10015: the webhook was deleted; 50027: its token is wrong. */
const GONE = new Set([10015, 50027])

function judge({ status, headers, body }: Answer, now: Date): Verdict {
  const said = jsonOf(body)
  const code = typeof said?.['code'] === 'number' ? said['code'] : null
  const why = `answered ${status}${code === null ? '' : ` (code ${code})`}`
  if (status === 204 || (status === 200 && said?.['id'] !== undefined)) return { is: 'delivered' }
  if (status === 410 || (code !== null && GONE.has(code))) return { is: 'disable', why }
  if (status === 400 || status === 413) return { is: 'plain', why }
  const pause = asked(said) ?? retryAfterMs(headers, now) ?? (status === 429 ? RATE_LIMIT_PAUSE_MS : null)
  if (pause !== null) return { is: 'retry', why, retry_after_ms: pause }
  return { is: 'retry', why, tell_operators: status < 500 && status !== 408 }
}

/** `retry_after` is in seconds, with decimals: more exact than the header. */
function asked(said: Record<string, unknown> | null): number | null {
  const seconds = said?.['retry_after']
  if (typeof seconds !== 'number' || !(seconds >= 0)) return null
  return Math.min(Math.ceil(seconds * 1000), CAP_MS)
}
