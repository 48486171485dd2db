/** A message in words. A person reads it at 3 a.m. on a phone: the headline alone is enough. */
import type { Message } from './channels/channel.ts'
import { breachData, channelData, deliveryData, feedData, policyData, silenceData } from './message/data.ts'
import { evidenceLinkOf } from './message/evidence-link.ts'
import { FOLDED, type FoldedData, foldedData } from './message/folded.ts'
import { cut, oneLine } from './text.ts'
import { breachWording } from './wording/breach.ts'
import { foldedWording } from './wording/folded.ts'
import { minutes } from './wording/format.ts'
import { channelWording, deadWording, feedWording, policyWording } from './wording/notices.ts'
import { ANYBODY, type Reader } from './wording/reader.ts'
import { silenceWording } from './wording/silences.ts'
import type { Line, Story } from './wording/story.ts'
import { filled } from './wording/template.ts'

export type { Line } from './wording/story.ts'

export interface Wording extends Story {
  /** where people see the evidence, if operators have configured that */
  link: string | null
  /** the moment of the message in the reader's time zone */
  when: string
  /** why the operators' own words could not be used, null where they were or where there are none */
  problem: string | null
}

/** In code points; an ordinary line has half of it. */
const LONGEST = 240

/** One printable line each, however hostile the message. */
export function wording(message: Message, reader: Reader = ANYBODY): Wording {
  const { headline, lines, problem } = told(message, reader)
  return {
    headline: line(`${mark(message)}${headline}`),
    lines: lines.map(({ label, text }) => ({ label: line(label), text: line(text) })),
    link: evidenceLinkOf(message),
    when: minutes(message.timestamp, reader.time_zone),
    problem,
  }
}

/** Everything below the first line as text, for where nothing can be linked. */
export function textLines({ lines, link }: Pick<Wording, 'lines' | 'link'>): string[] {
  return [...lines.map(lineText), ...(link === null ? [] : [`Link: ${link}`])]
}

/** Why the words that a channel's settings have for this message cannot be used; null where they can, or where it has none. */
export function templateProblem(message: Message, settings: Partial<Reader>): string | null {
  if (Object.keys(settings.templates ?? {}).length === 0) return null
  return wording(message, { ...ANYBODY, ...settings }).problem
}

/** A line as one text. */
export function lineText({ label, text }: Line): string {
  return label === '' ? text : `${label}: ${text}`
}

/** A story, and why the operators' own words could not be used for it. */
type Told = Story & { problem: string | null }

function told(message: Message, reader: Reader): Told {
  const folded = message.type === FOLDED ? foldedData.safeParse(message.data).data : undefined
  return folded ? toldTogether(folded, reader) : inOwnWords(message, story(message, reader), reader)
}

/** Each step with the first line that it has by itself. */
function toldTogether(folded: FoldedData, reader: Reader): Told {
  const steps = folded.messages.map((message) => told(message, reader))
  const headlines = steps.map(({ headline }) => headline)
  const problem = steps.find((step) => step.problem !== null)?.problem ?? null
  return noted(foldedWording(folded, headlines), problem)
}

/** A template's first line takes the place of the headline, further ones that of the facts; one that fails changes nothing. */
function inOwnWords(message: Message, built: Story, reader: Reader): Told {
  const template = reader.templates[message.type]
  if (template === undefined) return noted(built, null)
  try {
    const when = minutes(message.timestamp, reader.time_zone)
    const extra = { type: message.type, headline: built.headline, when }
    const [headline = '', ...rest] = filled(template.trim(), message, extra, reader).split('\n')
    const lines = rest.filter((text) => text.trim() !== '').map((text) => ({ label: '', text }))
    return noted({ headline, lines: lines.length > 0 ? lines : built.lines }, null)
  } catch (error) {
    return noted(built, (error as Error).message)
  }
}

function noted({ headline, lines }: Story, problem: string | null): Told {
  const note = problem === null ? [] : [{ label: 'Template', text: `not used: ${problem}` }]
  return { headline, lines: [...lines, ...note], problem }
}

function line(text: string): string {
  return cut(oneLine(text), LONGEST)
}

function mark({ data }: Message): string {
  if (data['test'] === true) return 'TEST, nothing happened: '
  return data['simulated'] === true ? 'SIMULATED PRICES: ' : ''
}

/** A message of another version, that this one does not understand, is told as it stands: better clumsy than not at all. */
function story({ type, timestamp, data }: Message, reader: Reader): Story {
  const [topic] = type.split('.')
  if (topic === 'breach' || type === 'channel.test') {
    const breach = breachData.safeParse(data)
    if (breach.success) return breachWording(type, timestamp, breach.data, reader.locale)
  } else if (topic === 'feed') {
    const feed = feedData.safeParse(data)
    if (feed.success) return feedWording(type, feed.data)
  } else if (type === 'policy.upcoming') {
    const policy = policyData.safeParse(data)
    if (policy.success) return policyWording(policy.data)
  } else if (topic === 'silence') {
    const silence = silenceData.safeParse(data)
    if (silence.success) return silenceWording(type, silence.data, reader.locale)
  } else if (type === 'delivery.dead') {
    const dead = deliveryData.safeParse(data)
    if (dead.success) return deadWording(dead.data)
  } else {
    const channel = channelData.safeParse(data)
    if (channel.success) return channelWording(type, channel.data)
  }
  return {
    headline: type,
    lines: Object.entries(data).map(([label, value]) => ({ label, text: JSON.stringify(value) })),
  }
}
