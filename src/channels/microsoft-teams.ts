/**
 * Microsoft Teams by a flow of Workflows ("When a Teams webhook request is received"). The flow answers before it posts:
 * its 202 means accepted, and nobody confirms that the card appeared.
 */
import { z } from 'zod'
import { retryAfterMs } from '../http/retry-after.ts'
import { jsonOf } from '../json-body.ts'
import { cut } from '../text.ts'
import { VERSION } from '../version.ts'
import { closing } from '../wording/closing.ts'
import { readerSettings } from '../wording/settings.ts'
import { type Wording, wording } from '../wording.ts'
import type { Answer, Message, RemoteChannel, Verdict } from './channel.ts'

/** Teams refuses 28 KiB after a transformation of its own that writes every character beyond ASCII as an escape. */
const MAX_BYTES = 20_000
const STEPS = [240, 120, 60, 30]
const RATE_LIMIT_PAUSE_MS = 5_000

const settings = z.strictObject({ url: z.url({ protocol: /^https?$/ }), ...readerSettings })

type Settings = z.infer<typeof settings>

interface Payload {
  attachments: [{ content: { body: object[] } }]
}

export default {
  regime: 'chat',
  settings,
  example: {
    url: 'https://prod-00.westeurope.logic.azure.com/workflows/invented',
    time_zone: 'Europe/Zurich',
    locale: 'en',
    templates: {},
  },
  min_gap_ms: 250,
  folds: true,
  url: ({ url }) => url,
  render: (message, reader) => fittedCard(message, wording(message, reader)),
  plain: (message, reader) => fittedCard(message, { ...wording(message, reader), lines: [] }),
  request(body, attempt, { url, ...reader }) {
    const lines = closing(attempt, reader)
    return {
      url,
      headers: { 'content-type': 'application/json', 'user-agent': `metalgap/${VERSION}` },
      body: lines.length === 0 ? body : withClosing(JSON.parse(body) as Payload, lines),
    }
  },
  judge,
  accepted: { status: 202, headers: {}, body: '' },
} satisfies RemoteChannel<Settings>

/** The longest lines are cut until the card is small enough, whatever it tells. */
function fittedCard(message: Message, words: Wording): string {
  for (const most of STEPS) {
    const lines = words.lines.map(({ label, text }) => ({ label: cut(label, most), text: cut(text, most) }))
    const json = JSON.stringify(card(message, { ...words, lines }))
    if (bytesEscaped(json) <= MAX_BYTES) return json
  }
  return JSON.stringify(card(message, { ...words, lines: [] }))
}

/** Text runs are shown as they are; a TextBlock or a fact would read them as Markdown. */
function card(message: Message, { headline, lines, link, when }: Wording) {
  const first = { type: 'TextRun', text: headline, weight: 'Bolder', size: 'Medium', color: colour(message) }
  const facts = [...lines, { label: 'When', text: when }].map(({ label, text }) =>
    paragraph(...(label === '' ? [] : [{ type: 'TextRun', text: `${label}: `, weight: 'Bolder' }]), {
      type: 'TextRun',
      text,
    }),
  )
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: headline,
    msteams: { width: 'Full' },
    body: [paragraph(first), ...facts],
    ...(link !== null && { actions: [{ type: 'Action.OpenUrl', title: 'Evidence', url: link }] }),
  }
  return {
    type: 'message',
    summary: headline,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}

function paragraph(...inlines: object[]): object {
  return { type: 'RichTextBlock', inlines, spacing: 'Small' }
}

function colour({ type, data }: Message): string {
  if (/cleared|recovered|retracted/.test(type)) return 'Good'
  return data['severity'] === 'critical' ? 'Attention' : 'Warning'
}

function bytesEscaped(json: string): number {
  return json.replace(/[^\x20-\x7e]/g, '\\u0000').length
}

function withClosing(payload: Payload, lines: readonly string[]): string {
  const [{ content, ...attachment }] = payload.attachments
  const body = [...content.body, ...lines.map((text) => paragraph({ type: 'TextRun', text }))]
  return JSON.stringify({ ...payload, attachments: [{ ...attachment, content: { ...content, body } }] })
}

const SWITCHED_OFF = /^(WorkflowNotFound|WorkflowTriggerIsNotEnabled|WorkflowDisabled)$/

function judge({ status, headers, body }: Answer, now: Date): Verdict {
  const error = jsonOf(body)?.['error']
  const code = typeof error === 'object' && error && 'code' in error ? String(error.code) : ''
  const why = `answered ${status}${/^\w{1,60}$/.test(code) ? ` ${code}` : ''}`
  // what came before Workflows answered 200 to a message that it could not post, and said so in the text
  const failed = /delivery failed/i.test(body)
  if ((status === 200 || status === 202) && !failed)
    return { is: 'delivered', receipt: 'accepted, unconfirmed' }
  if (status === 410 || SWITCHED_OFF.test(code)) return { is: 'disable', why }
  if (status === 400 || status === 413) return { is: 'plain', why }
  const pause = retryAfterMs(headers, now) ?? (status === 429 ? RATE_LIMIT_PAUSE_MS : null)
  if (pause !== null) return { is: 'retry', why, retry_after_ms: pause }
  return { is: 'retry', why, tell_operators: status < 500 && status !== 408 }
}
