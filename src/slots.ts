/** Slots: the instants at which a schedule says that a feed is due. A slot is named by its second. */
import { CronExpressionParser } from 'cron-parser'

export interface Scheduled {
  feed: string
  /** cron, 5 or 6 fields, in `zone` */
  schedule: string
  zone: string
}

export interface Slot {
  feed: string
  slot: Date
}

/** The slots of one feed in [from, to), in order. */
export function* slotsBetween({ feed, schedule, zone }: Scheduled, from: Date, to: Date): Generator<Slot> {
  // the parser starts after its date, and a slot at `from` belongs to the span
  const runs = CronExpressionParser.parse(schedule, { tz: zone, currentDate: new Date(from.getTime() - 1) })
  for (;;) {
    const slot = runs.next().toDate()
    if (slot >= to) return
    yield { feed, slot }
  }
}

/** The last slot at or before `now`. */
export function lastSlot({ feed, schedule, zone }: Scheduled, now: Date): Slot {
  const after = new Date(Math.floor(now.getTime() / 1000) * 1000 + 1000)
  return {
    feed,
    slot: CronExpressionParser.parse(schedule, { tz: zone, currentDate: after }).prev().toDate(),
  }
}

/** Of each feed its last slot, where that is newer than what was polled: a longer absence is caught up once. */
export function missedSlots(
  feeds: readonly Scheduled[],
  polled: ReadonlyMap<string, Date>,
  now: Date,
): Slot[] {
  return feeds
    .map((feed) => lastSlot(feed, now))
    .filter(({ feed, slot }) => slot > (polled.get(feed) ?? new Date(0)))
}

/** What a poll may take: its deadline, and its way through the queue. */
const GRACE_MS = 30_000

/** When a feed is late unless it is polled again: at the `missed`-th slot after the last that was served. */
export function lateAfter({ schedule, zone }: Scheduled, served: Date, missed: number): Date {
  const runs = CronExpressionParser.parse(schedule, { tz: zone, currentDate: served })
  let slot = served
  for (let i = 0; i < missed; i++) slot = runs.next().toDate()
  return new Date(slot.getTime() + GRACE_MS)
}
