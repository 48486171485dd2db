/** A reminder of a breach whose pair cannot be compared at the moment: its number is the last one that was seen. */
import type { BreachData } from '../message/data.ts'
import { clock, type Place, place } from './format.ts'
import type { Line } from './story.ts'

/** ', not compared since 10:45 Shanghai (east stale)' */
export function frozenSuffix({ frozen }: BreachData, timestamp: string, east: Place): string {
  if (!frozen) return ''
  const since = `${clock(frozen.since, east.zone, timestamp)} ${place(east)}`
  return `, not compared since ${since} (${causeOf(frozen)})`
}

export function frozenLine(data: BreachData): Line[] {
  if (!data.frozen) return []
  const text = `${causeOf(data.frozen)}: the number is the last one that was seen, and nothing is raised or cleared meanwhile`
  return [{ label: 'Frozen', text }]
}

function causeOf({ state, leg }: NonNullable<BreachData['frozen']>): string {
  return leg === null ? state : `${leg} ${state}`
}
