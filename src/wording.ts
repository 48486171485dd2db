/** A message in words. A person reads it at 3 a.m. on a phone: the headline alone is enough. */
import type { Message } from './channels/channel.ts'
import { breachData, channelData, deliveryData, feedData, policyData } from './message/data.ts'
import { FOLDED, foldedData } from './message/folded.ts'
import { cut, oneLine } from './text.ts'
import { breachWording } from './wording/breach.ts'
import { foldedWording } from './wording/folded.ts'
import { minutes } from './wording/format.ts'
import { channelWording, deadWording, feedWording, policyWording } from './wording/notices.ts'
import type { Story } from './wording/story.ts'

export interface Wording extends Story {
  /** the moment of the message in the reader's time zone */
  when: string
}

/** In code points; an ordinary line has half of it. */
const LONGEST = 240

/** One printable line each, however hostile the message. `time_zone` is the reader's (IANA). */
export function wording(message: Message, time_zone = 'UTC'): Wording {
  const { headline, lines } = story(message)
  return {
    headline: line(`${mark(message)}${headline}`),
    lines: lines.map(({ label, text }) => ({ label: line(label), text: line(text) })),
    when: minutes(message.timestamp, time_zone),
  }
}

function line(text: string): string {
  return cut(oneLine(text), LONGEST)
}

function mark({ data }: Message): string {
  if (data['test'] === true) return 'TEST, nothing happened: '
  return data['simulated'] === true ? 'SIMULATED PRICES: ' : ''
}

/** A message of another version, that this one does not understand, is told as it stands: better clumsy than not at all. */
function story({ type, timestamp, data }: Message): Story {
  const [topic] = type.split('.')
  if (topic === 'breach' || type === 'channel.test') {
    const breach = breachData.safeParse(data)
    if (breach.success) return breachWording(type, timestamp, breach.data)
  } else if (topic === 'feed') {
    const feed = feedData.safeParse(data)
    if (feed.success) return feedWording(type, feed.data)
  } else if (type === 'policy.upcoming') {
    const policy = policyData.safeParse(data)
    if (policy.success) return policyWording(policy.data)
  } else if (type === FOLDED) {
    const folded = foldedData.safeParse(data)
    if (folded.success) return foldedWording(folded.data, story)
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
