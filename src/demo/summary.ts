/** What the demo proved, in lines that add up. */
import type { Heard } from '../simulator/receiver.ts'
import type { Counts } from '../store/demo.ts'

export interface Summary {
  /** for people */
  lines: string[]
  /** for programs */
  facts: Counts & {
    event: 'summary'
    seconds: number
    verified: number
    refused: number
    repeated: number
    sound: boolean
  }
  /** every delivery arrived and was genuine */
  sound: boolean
}

/** Compares what the database says was delivered with what the receiver heard. */
export function summarise(counts: Counts, heard: readonly Heard[], seconds: number): Summary {
  const genuine = new Set(heard.filter(({ problem }) => problem === null).map(({ id }) => id)).size
  const refused = heard.filter(({ problem }) => problem !== null).length
  const repeats = heard.filter(({ repeated }) => repeated).length
  const lost = counts.deliveries - genuine
  const sound = refused === 0 && lost === 0
  return {
    sound,
    facts: { event: 'summary', seconds, ...counts, verified: genuine, refused, repeated: repeats, sound },
    lines: [
      `Summary of ${seconds} s with SIMULATED PRICES`,
      `  premiums    ${counts.premiums}`,
      `  breaches    ${counts.raised} raised, ${counts.cleared} cleared`,
      `  webhooks    ${counts.deliveries} due, ${genuine} received with a verified signature, ${refused} refused, ${repeats} repeated`,
      lost === 0 ? '  nothing was lost' : `  ${lost} not received`,
      '  go live with: npm start',
    ],
  }
}
