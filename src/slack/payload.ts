/** A message as Slack shows it. Untrusted text goes into plain_text only: mrkdwn cannot be escaped completely. */
import type { Message } from '../channels/channel.ts'
import { cut } from '../text.ts'
import type { Reader } from '../wording/reader.ts'
import { lineText, textLines, type Wording, wording } from '../wording.ts'

/** In code points. Slack allows 150, 3,000 and 40,000, and refuses some 10,000 in total (`msg_blocks_too_long`). */
const HEADER = 150
const SECTION = 2_900
const TEXT = 3_000

export interface Payload {
  text: string
  mrkdwn: false
  blocks?: object[]
}

/** Blocks for people, with the same as text for notifications. */
export function blocks(message: Message, reader: Reader): Payload {
  const words = wording(message, reader)
  const section = words.lines.map(lineText).join('\n')
  const link = words.link === null ? [] : [{ type: 'mrkdwn', text: `<${inLink(words.link)}|Evidence>` }]
  return {
    ...textOf(words),
    blocks: [
      { type: 'header', text: plain(words.headline, HEADER) },
      { type: 'section', text: plain(section, SECTION) },
      { type: 'context', elements: [{ type: 'mrkdwn', text: localTime(message, words) }, ...link] },
    ],
  }
}

/** The same words without blocks. */
export function plainText(message: Message, reader: Reader): Payload {
  return textOf(wording(message, reader))
}

/** Closing lines in both forms; a payload without any stays as it is. */
export function withClosing<P extends Payload>(payload: P, lines: readonly string[]): P {
  if (lines.length === 0) return payload
  const elements = lines.map((line) => ({ type: 'plain_text', text: line, emoji: false }))
  return {
    ...payload,
    text: [payload.text, ...lines.map(escaped)].join('\n'),
    ...(payload.blocks && { blocks: [...payload.blocks, { type: 'context', elements }] }),
  }
}

function textOf(words: Wording): Payload {
  const text = [words.headline, ...textLines(words)].join('\n')
  return { text: escaped(cut(text, TEXT)), mrkdwn: false }
}

function plain(text: string, most: number) {
  return { type: 'plain_text', text: cut(text, most), emoji: false }
}

/** Slack wants these three escaped and no others. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

/** The bar ends an address. */
function inLink(url: string): string {
  return escaped(url).replaceAll('|', '%7C')
}

function localTime({ timestamp }: Message, { when }: Wording): string {
  const seconds = Math.floor(Date.parse(timestamp) / 1000)
  return `<!date^${seconds}^{date_short_pretty} {time}|${escaped(when)}>`
}
