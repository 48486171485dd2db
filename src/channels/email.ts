/**
 * E-mail by SMTP, to one address: several people are several channels, so that each has a delivery of its own, or one
 * list of your mail server.
 */
import { z } from 'zod'
import { type Mailed, sendMail } from '../smtp.ts'
import { cut } from '../text.ts'
import { closing } from '../wording/closing.ts'
import { readerSettings } from '../wording/settings.ts'
import { textLines, wording } from '../wording.ts'
import type { Attempt, LocalChannel, Message, Sent } from './channel.ts'

const SUBJECT = 150

const settings = z.strictObject({
  host: z.string().regex(/^[\w.:-]+$/, 'not a host name'),
  port: z.int().min(1).max(65_535).default(587),
  tls: z
    .enum(['starttls', 'implicit', 'none'])
    .default('starttls')
    .describe('implicit is usual on port 465; none only towards network.yaml allow_private'),
  user: z.string().min(1).exactOptional(),
  password: z.string().min(1).exactOptional(),
  from: z.email(),
  to: z.email(),
  ...readerSettings,
})

type Settings = z.infer<typeof settings>

interface Body {
  subject: string
  lines: string[]
  link?: string | null
  /** mails about the same thing are one conversation */
  thread: string | null
  urgent: boolean
}

export default {
  regime: 'local',
  settings,
  example: {
    host: 'smtp.example.com',
    port: 587,
    tls: 'starttls',
    user: 'metalgap',
    password: 'invented-password',
    from: 'metalgap@example.com',
    to: 'treasury@example.com',
    time_zone: 'Europe/Zurich',
    locale: 'de-CH',
    templates: {},
  },
  min_gap_ms: 0,
  folds: true,
  url: () => null,
  host: ({ host, port }) => `${host}:${port}`,
  render: (message, reader) => JSON.stringify(letter(message, reader)),
  async deliver(body, attempt, settings, way) {
    const { host, port, tls, user, password } = settings
    const login = { ...(user !== undefined && { user }), ...(password !== undefined && { password }) }
    const mail = mailOf(JSON.parse(body) as Body, attempt, settings)
    return judge(await sendMail({ host, port, tls, ...login }, mail, way))
  },
} satisfies LocalChannel<Settings>

function letter(message: Message, reader: Settings): Body {
  const words = wording(message, reader)
  const { headline, when } = words
  const { breach_id, severity } = message.data
  return {
    subject: cut(headline, SUBJECT),
    lines: [headline, '', ...textLines(words), `When: ${when}`],
    link: words.link,
    thread: typeof breach_id === 'string' ? breach_id : null,
    urgent: severity === 'critical',
  }
}

/** The id of the mail is that of the delivery: servers and readers recognise a repeat by it. */
function mailOf({ subject, lines, link = null, thread, urgent }: Body, attempt: Attempt, settings: Settings) {
  const { from, to } = settings
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const all = [...lines, ...closing(attempt, settings)]
  return {
    ...{ from, to, subject, text: `${all.join('\n')}\n`, html: html(all, link) },
    messageId: `<${attempt.webhook_id}@${domain}>`,
    ...(thread !== null && { references: `<breach.${thread.replace(/[^\w-]/g, '')}@${domain}>` }),
    date: attempt.at,
    headers: { 'Auto-Submitted': 'auto-generated', 'Metalgap-Attempt': String(attempt.number) },
    priority: urgent ? ('high' as const) : ('normal' as const),
  }
}

function html([headline = '', ...lines]: readonly string[], link: string | null): string {
  const rest = lines.filter((line) => line !== '').map((line) => `${escaped(line)}<br>`)
  const evidence = link === null ? '' : `<p><a href="${escaped(link)}">Evidence</a></p>\n`
  return `<p><strong>${escaped(headline)}</strong></p>\n<p>${rest.join('\n')}</p>\n${evidence}`
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

/** 5xx about the sender, the recipient or the mail is for good; a login or a certificate is for an operator to mend. */
function judge(mailed: Mailed): Sent {
  if (mailed.is === 'accepted') return { verdict: { is: 'delivered' }, status: 250 }
  const { by, code, why, reached } = mailed
  const verdict =
    by === 'server' && code !== null && code >= 500
      ? { is: 'dead' as const, why }
      : { is: 'retry' as const, why, tell_operators: by === 'login' || by === 'tls' }
  return { verdict, status: code, ambiguous: reached }
}
