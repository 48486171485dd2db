/** News of silences and mute windows, in words. */
import type { SilenceData } from '../message/data.ts'
import { amount, minutes } from './format.ts'
import type { Line, Story } from './story.ts'

/** What is raised while a silence keeps it quiet, or after it has. */
export function silenceWording(type: string, { silence, why, breaches }: SilenceData, locale: string): Story {
  const raised = breaches.length === 1 ? '1 breach' : `${breaches.length || 'no'} breaches`
  const what = silence === null ? why : `silence ${silence.silence_id} (${silence.about}) ${why}`
  const headline =
    type === 'silence.ending' && silence !== null
      ? `SILENCE ${silence.silence_id} (${silence.about}) runs out at ${minutes(silence.until, 'UTC')}, ${raised} under it`
      : `STILL RAISED, ${raised}: ${what}`
  const of: Line[] =
    silence === null ? [] : [{ label: 'Silence', text: `of ${silence.who}: ${silence.reason}` }]
  const lines = breaches.map((breach) => breachLine(breach, locale))
  return { headline, lines: [...of, ...lines, { label: 'See', text: 'metalgap breaches --open' }] }
}

function breachLine(breach: SilenceData['breaches'][number], locale: string): Line {
  const { rule, pair, metal, severity, value, unit, raised_at } = breach
  const text = `${metal}: ${rule} on ${pair} at ${amount(value, unit, locale)}, raised ${minutes(raised_at, 'UTC')}`
  return { label: severity, text }
}
