import type { FoldedData } from '../message/folded.ts'
import { minutes } from './format.ts'
import type { Line, Story } from './story.ts'

/** A line for each step that is covered, under the headline that matters most: how a breach stands now, or the most urgent. */
export function foldedWording({ covers, messages }: FoldedData, headlines: readonly string[]): Story {
  const last = new Map(covers.map(({ breach_id, delivery_id }, i) => [breach_id ?? delivery_id, i]))
  const [first = 0] = [...last.values()].toSorted((a, b) => urgency(messages[b]) - urgency(messages[a]))
  const steps = covers.map(({ sequence }) => sequence).join(', ')
  const headline =
    last.size === 1
      ? `${headlines.at(-1)} (steps ${steps} in one message)`
      : `${last.size} ALERTS at once, first: ${headlines[first]}`
  const lines = covers.map(({ type, sequence }, i): Line => {
    const rule = messages[i]?.data['rule']
    const learnt = minutes(messages[i]?.timestamp ?? '', 'UTC')
    const facts = typeof rule === 'string' ? `${rule}, ${learnt}` : learnt
    return { label: `${type.replace(/^breach\./, '')} ${sequence}`, text: `${headlines[i]} (${facts})` }
  })
  return { headline, lines: [...lines, evidence(covers)] }
}

/** What is over is least urgent, news without a severity hardly more. */
function urgency(message: FoldedData['messages'][number] | undefined): number {
  if (message === undefined || /\.(cleared|retracted|recovered)$/.test(message.type)) return 0
  return ['info', 'warning', 'critical'].indexOf(String(message.data['severity'])) + 2
}

function evidence(covers: FoldedData['covers']): Line {
  const breaches = new Set(covers.flatMap(({ breach_id }) => breach_id ?? []))
  const [only] = breaches
  return { label: 'Evidence', text: breaches.size === 1 ? `metalgap explain ${only}` : 'metalgap breaches' }
}
