import { expect, test } from 'vitest'
import { lockFeed, saveLateAfter } from '../../src/store/lateness.ts'
import { lockPolls } from '../../src/store/polls.ts'
import { openWorld } from '../world.ts'

const SLOT = new Date('2026-01-29T03:00:00Z')
const asked = (...feeds: string[]) => ({
  polls: feeds.map((feed) => ({ feed, slot: SLOT, pages: 1 })),
  ...{ pairs: [], series: [], instruments: [], siblings: [], ticks: 0 },
})

test('each poll is told of its own feed, in whatever order Postgres and JavaScript put their names', async () => {
  await using world = await openWorld('2026-01-29T03:00:00Z')
  await world.rows(`update metalgap.feeds set last_error = feed`)
  const { polls } = await world.database.transaction((client) =>
    lockPolls(client, asked('sina', 'cfets', 'lbma')),
  )
  expect(polls.map(({ feed }) => feed.last_error)).toEqual(['sina', 'cfets', 'lbma'])
})

test('the watch of feeds waits for none that polls have locked: they lock several, and would wait for one another', async () => {
  await using world = await openWorld('2026-01-29T03:00:00Z')
  const { database } = world
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const poll = database.transaction(async (client) => {
    await lockFeed(client, 'cfets')
    locked.resolve()
    await release.promise
    return lockFeed(client, 'sina')
  })
  await locked.promise
  await saveLateAfter(
    database,
    ['sina', 'cfets'].map((feed) => ({ feed, late_after: SLOT })),
  )
  release.resolve()
  expect(await poll).toMatchObject({ feed: 'sina', late_after: SLOT })
  expect(await world.rows('select feed from metalgap.feeds where late_after is not null')).toEqual([
    { feed: 'sina' },
  ])
})
