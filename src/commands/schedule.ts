/** `metalgap schedule --dry-run`: every poll of a span of time, as the schedule would make it. */
import { instant } from '../command-line/options.ts'
import { printLines } from '../command-line/print.ts'
import { utc } from '../command-line/words.ts'
import { readConfig } from '../config.ts'
import { DAY_MS, offsetAt } from '../engine/zone.ts'
import { UserError } from '../errors.ts'
import { type PolledFeed, polledFeeds } from '../outlook.ts'
import { slotsBetween } from '../slots.ts'
import { counted } from '../text.ts'
import type { CommandFile } from './command.ts'

interface Options {
  dryRun: true
  from?: Date
  to?: Date
  json?: boolean
}

interface Poll {
  time: Date
  feed: string
  /** ISO in the feed's zone, with its offset */
  local: string
  zone: string
}

const MOST_UNASKED = 100

export default {
  summary: 'prints every poll of a span of time, in UTC and in the zone of the feed',
  examples: [
    'schedule --dry-run',
    'schedule --dry-run --from 2026-03-27T00:00:00Z --to 2026-03-30T00:00:00Z --json',
  ],
  reads: true,
  configure(program) {
    program
      .requiredOption('--dry-run', 'print only; polls are made by metalgap start')
      .option('--from <time>', 'ISO time or date; default: now', instant)
      .option('--to <time>', 'ISO time or date; default: a day later', instant)
  },
  async run({ options }, settings) {
    const now = new Date()
    const { from = now, to = new Date(from.getTime() + DAY_MS), json = false } = options
    if (to <= from)
      throw new UserError(`--to (${to.toISOString()}) is not after --from (${from.toISOString()})`, 2)
    const feeds = polledFeeds(await readConfig(settings.config, settings.env, now))
    if (feeds.length === 0)
      console.error('No feed is polled: no enabled pair uses an enabled feed. See: metalgap check')
    const asked = options.from !== undefined || options.to !== undefined
    const polls = pollsBetween(feeds, from, to)
    if (json) await printLines(polls.map((poll) => JSON.stringify(poll)))
    else if (asked) await printLines(polls.map(lineOf))
    else await printSome(feeds, polls, from, to)
    return 0
  },
} satisfies CommandFile<Options>

/** The slots of all feeds in order of time. */
function* pollsBetween(feeds: readonly PolledFeed[], from: Date, to: Date): Generator<Poll> {
  const heads = feeds.map((feed) => {
    const slots = slotsBetween(feed, from, to)
    return { feed, slots, next: slots.next() }
  })
  for (;;) {
    let first: (typeof heads)[number] | undefined
    for (const head of heads) {
      if (head.next.done) continue
      if (first?.next.value === undefined || head.next.value.slot < first.next.value.slot) first = head
    }
    if (first?.next.value === undefined) return
    const { feed, zone } = first.feed
    const time = first.next.value.slot
    yield { time, feed, local: localIso(time, zone), zone }
    first.next = first.slots.next()
  }
}

/** '2026-03-29T02:30:00+01:00' */
function localIso(time: Date, zone: string): string {
  const offset = offsetAt(zone, time.getTime())
  const minutes = Math.abs(offset) / 60_000
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  const local = new Date(time.getTime() + offset).toISOString().slice(0, 19)
  return `${local}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}

function lineOf({ time, feed, local, zone }: Poll): string {
  return `${utc(time)}  ${local}  ${zone.padEnd(15)}  ${feed}`
}

/** A day has thousands of polls: unasked, the first of them and how many there are of each feed. */
async function printSome(
  feeds: readonly PolledFeed[],
  polls: Iterable<Poll>,
  from: Date,
  to: Date,
): Promise<void> {
  const counts = new Map(feeds.map(({ feed }) => [feed, 0]))
  const shown: string[] = []
  for (const poll of polls) {
    counts.set(poll.feed, (counts.get(poll.feed) ?? 0) + 1)
    if (shown.length < MOST_UNASKED) shown.push(lineOf(poll))
  }
  await printLines(shown)
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const each = [...counts].map(([feed, count]) => `${feed} ${count}`).join(', ')
  console.error(
    `${shown.length} of ${counted(total, 'poll')} from ${utc(from)} to ${utc(to)}: ${each}. All with --json, or --from and --to.`,
  )
}
