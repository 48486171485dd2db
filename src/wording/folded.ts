import type { FoldedData } from '../message/folded.ts'
import { minutes } from './format.ts'
import type { Line, Story } from './story.ts'

/** A line with its rule for each step that is covered, under the headline that matters most: how a breach stands now, or the most urgent. */
export function foldedWording({ covers, messages }: FoldedData, headlines: readonly string[]): Story {
  const breaches = new Set(covers.map(({ breach_id, delivery_id }) => breach_id ?? delivery_id))
  const steps = covers.map(({ sequence }) => sequence).join(', ')
  const headline =
    breaches.size === 1
      ? `${headlines.at(-1)} (steps ${steps} in one message)`
      : `${breaches.size} ALERTS at once, first: ${headlines[0]}`
  const lines = covers.map(({ type, sequence }, i): Line => {
    const rule = messages[i]?.data['rule']
    const learnt = minutes(messages[i]?.timestamp ?? '', 'UTC')
    const facts = typeof rule === 'string' ? `${rule}, ${learnt}` : learnt
    return { label: `${type.replace(/^breach\./, '')} ${sequence}`, text: `${headlines[i]} (${facts})` }
  })
  return { headline, lines: [...lines, evidence(covers)] }
}

function evidence(covers: FoldedData['covers']): Line {
  const breaches = new Set(covers.flatMap(({ breach_id }) => breach_id ?? []))
  const [only] = breaches
  return { label: 'Evidence', text: breaches.size === 1 ? `metalgap explain ${only}` : 'metalgap breaches' }
}
