/** News of silences and mute windows: what is raised while nobody hears of it. */
import type { Message } from '../channels/channel.ts'
import { text6 } from '../engine/round.ts'
import { unitOf } from '../measure.ts'
import type { RaisedBreach, Silence } from '../store/silences.ts'
import type { SilenceData } from './data.ts'

export interface SilenceFacts {
  /** null: a mute window */
  silence: Pick<
    Silence,
    'silence_id' | 'until' | 'who' | 'reason' | 'pair' | 'rule' | 'metal' | 'severity'
  > | null
  /** 'runs out', 'ran out', 'ended by ann', 'mute window of rule silver-gap is over' */
  why: string
  breaches: readonly RaisedBreach[]
}

/** ending: before it runs out; ended: what is still raised, once for all of it. */
export function silenceMessage(
  type: 'silence.ending' | 'silence.ended',
  at: Date,
  { silence, why, breaches }: SilenceFacts,
): Message & { data: SilenceData } {
  const data = {
    ...{ schema_version: 1 as const, test: false, why },
    silence: silence && {
      silence_id: String(silence.silence_id),
      about: aboutOf(silence),
      until: silence.until.toISOString(),
      who: silence.who,
      reason: silence.reason,
    },
    breaches: breaches.map(breachText),
  }
  return { type, timestamp: at.toISOString(), data }
}

/** 'rule silver-gap, severity warning' */
export function aboutOf(matcher: Pick<Silence, 'pair' | 'rule' | 'metal' | 'severity'>): string {
  const keys = ['metal', 'pair', 'rule', 'severity'] as const
  return keys.flatMap((key) => (matcher[key] === null ? [] : [`${key} ${matcher[key]}`])).join(', ')
}

function breachText({
  breach_id,
  rule,
  pair,
  metal,
  severity,
  value,
  unit,
  measure,
  raised_at,
}: RaisedBreach) {
  return {
    ...{ breach_id, rule, pair, metal },
    severity: severity as SilenceData['breaches'][number]['severity'],
    value: text6(Number(value)),
    unit: unitOf(measure, unit),
    raised_at: raised_at.toISOString(),
  }
}
