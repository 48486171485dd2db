/** From ticks in the order in which they became known to what the engine is told, as polls told it. */
import type { Event, Tick } from '../engine/model.ts'

/** `polled` tells a tick of a poll from one of a file; `told_id` is the order in which pairs were told. */
export type ReplayTick = Tick & { polled: boolean; told_id: number }

/**
 * What one poll brought is one piece of news, and so is what files say became known at one moment. Ticks come in batches
 * of any size; equal moments may come in any order of series.
 */
export async function* eventsOf(
  batches: AsyncIterable<readonly ReplayTick[]> | Iterable<readonly ReplayTick[]>,
): AsyncGenerator<Event[]> {
  let group: ReplayTick[] = []
  for await (const batch of batches) {
    const events: Event[] = []
    for (let i = 0; i < batch.length; i++) {
      const tick = batch[i] as ReplayTick
      if (group.length > 0 && (group[0] as ReplayTick).seen_at !== tick.seen_at) {
        tell(group, events)
        group = []
      }
      group.push(tick)
    }
    if (events.length > 0) yield events
  }
  const events: Event[] = []
  if (group.length > 0) tell(group, events)
  if (events.length > 0) yield events
}

/** Polls of two feeds may fall into one millisecond; they were stored one after the other. */
function tell(group: ReplayTick[], events: Event[]): void {
  const { seen_at } = group[0] as ReplayTick
  if (group.length === 1) {
    events.push({ is: 'ticks', seen_at, ticks: group })
    return
  }
  let ticks: ReplayTick[] = []
  for (const tick of inOrder(group)) {
    if (ticks.length > 0 && sourceOf(ticks[0] as ReplayTick) !== sourceOf(tick)) {
      events.push({ is: 'ticks', seen_at, ticks: asTold(ticks) })
      ticks = []
    }
    ticks.push(tick)
  }
  events.push({ is: 'ticks', seen_at, ticks: asTold(ticks) })
}

function inOrder(group: ReplayTick[]): ReplayTick[] {
  for (let i = 1; i < group.length; i++) {
    if ((group[i] as ReplayTick).told_id < (group[i - 1] as ReplayTick).told_id)
      return group.sort((a, b) => a.told_id - b.told_id)
  }
  return group
}

/** As a poll is, in the order of the source's times: files are in any order. */
function asTold(ticks: ReplayTick[]): ReplayTick[] {
  for (let i = 1; i < ticks.length; i++)
    if ((ticks[i] as ReplayTick).at < (ticks[i - 1] as ReplayTick).at)
      return ticks.sort((a, b) => a.at - b.at)
  return ticks
}

/** The feed of a polled tick; files are one source. */
function sourceOf({ series, polled }: ReplayTick): string {
  return polled ? series.slice(0, series.indexOf('/')) : ''
}
