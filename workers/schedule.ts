/**
 * The schedule: a feed's time has come, so that slot gets its poll. Every replica may run it: the job's name is the feed
 * and the slot, so that a slot is polled once, and a clock that jumps back names slots that were polled already.
 */
import { createTask, type ScheduledTask, setLogger } from 'node-cron'
import type { Context } from '../src/context.ts'
import { polledFeeds } from '../src/outlook.ts'
import { missedSlots, type Slot } from '../src/slots.ts'
import { lastSlots } from '../src/store/slots.ts'
import type { Queues } from './queues.ts'

export interface Schedule extends Disposable {
  /** what is wrong with it, null when it fires as it should */
  problem(now: Date): string | null
}

const TOLERANCE_MS = 5_000

/** Starts the schedule and catches up once on the last slot that was missed while everything was down. */
export async function openSchedule(context: Context, queues: Queues): Promise<Schedule> {
  const debug = (message: string | Error) => context.log.debug(message, 'node-cron')
  setLogger({ info: debug, warn: debug, error: debug, debug })
  const feeds = polledFeeds(context.config)
  const fire = ({ feed, slot }: Slot) =>
    queues.add('poll', { feed, slot: slot.toISOString() }).catch(() => {
      context.log.debug({ feed, slot }, 'not queued; the sweep will find it')
    })
  const tasks = feeds.map(({ feed, schedule, zone }) =>
    createTask(schedule, ({ date }) => fire({ feed, slot: toSecond(date) }), {
      name: feed,
      timezone: zone,
      suppressMissedWarning: true,
    }),
  )
  await Promise.all(tasks.map((task) => task.start()))
  await Promise.all(missedSlots(feeds, await lastSlots(context.database), context.now()).map(fire))
  return {
    problem: (now) => problemOf(tasks, now),
    [Symbol.dispose]() {
      for (const task of tasks) task.destroy()
    },
  }
}

function toSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000)
}

function problemOf(tasks: readonly ScheduledTask[], now: Date): string | null {
  if (tasks.length === 0) return 'no feed is scheduled: none is enabled and used by an enabled pair'
  for (const task of tasks) {
    const next = task.getNextRun()
    if (next === null) return `${task.name} is not scheduled`
    if (next.getTime() < now.getTime() - TOLERANCE_MS)
      return `${task.name} should have fired at ${next.toISOString()}`
  }
  return null
}
