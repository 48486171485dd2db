/** What only time can tell of feeds: that nothing polls them, and how their incidents end. For the sweep. */
import type { Context } from '../context.ts'
import type { Health } from '../engine/feed-health.ts'
import { polledFeeds } from '../outlook.ts'
import { healthBefore } from '../polling/feed-health.ts'
import { tellFeed, tellIncident } from '../polling/feed-incidents.ts'
import { lateAfter, type Scheduled } from '../slots.ts'
import { endIncident, outlastingFeeds, untoldIncident } from '../store/feed-incidents.ts'
import { saveHealth } from '../store/feeds.ts'
import { abandonedFeeds, lockFeed, type Punctuality, punctuality, saveLateAfter } from '../store/lateness.ts'

/** How long a sweep watches before it calls a feed late: after a start everything is, until it was caught up. */
const SETTLING_MS = 2 * 60_000

/** `since` is when this sweep began to watch. */
export async function watchFeeds(context: Context, since: Date): Promise<void> {
  const feeds = polledFeeds(context.config)
  const now = context.now()
  const late = await notPolled(context, feeds, since)
  if (now.getTime() - since.getTime() >= SETTLING_MS)
    for (const feed of late) await markLate(context, feed, now)
  const polled = feeds.map(({ feed }) => feed)
  for (const feed of await abandonedFeeds(context.database, polled)) await abandon(context, feed, now)
  for (const feed of await outlastingFeeds(context.database, now)) await tellOutlasting(context, feed)
}

/** Works out until when each feed must have been polled again; answers with those that were not. */
async function notPolled(context: Context, feeds: readonly Scheduled[], since: Date): Promise<string[]> {
  const known = new Map((await punctuality(context.database)).map((row) => [row.feed, row]))
  const due = feeds.map((feed) => {
    const row = known.get(feed.feed)
    return { feed: feed.feed, late_after: dueAfter(context, feed, row, since), row }
  })
  const changed = due.filter(({ late_after, row }) => row?.late_after?.getTime() !== late_after.getTime())
  await saveLateAfter(context.database, changed)
  return due.filter(({ late_after }) => late_after <= context.now()).map(({ feed }) => feed)
}

function dueAfter(context: Context, feed: Scheduled, row: Punctuality | undefined, since: Date): Date {
  const watch = Object.values(context.config.feeds[feed.feed]?.watch ?? {})
  return lateAfter(feed, row?.last_slot ?? since, Math.min(...watch.map(({ late_after }) => late_after)))
}

function markLate(context: Context, feed: string, now: Date): Promise<void> {
  return context.database.transaction(async (client) => {
    const row = await lockFeed(client, feed)
    // polled, or in trouble already, since we looked
    if (row === null || row.state !== 'ok' || row.late_after === null || row.late_after > now) return
    const series = Object.keys(context.config.feeds[feed]?.series ?? {}).map((name) => `${feed}/${name}`)
    const last = row.last_slot?.toISOString() ?? 'never'
    const health: Health = { state: 'late', series, reason: `nothing has polled it (last: ${last})` }
    await saveHealth(client, feed, now, health)
    await tellFeed(context, client, { ...row, before: healthBefore(row), health, ours: true })
  })
}

function abandon(context: Context, feed: string, now: Date): Promise<void> {
  return context.database.transaction(async (client) => {
    await lockFeed(client, feed)
    await saveHealth(client, feed, now, { state: 'ok', series: [], reason: null })
    await endIncident(client, feed, now, 'disabled')
  })
}

function tellOutlasting(context: Context, feed: string): Promise<void> {
  return context.database.transaction(async (client) => {
    const row = await lockFeed(client, feed)
    const incident = await untoldIncident(client, feed)
    if (row === null || incident === null) return
    await tellIncident(context, client, incident, { ...row, health: healthBefore(row) })
  })
}
