import { expect, test } from 'vitest'
import { lockPolls } from '../../src/store/polls.ts'
import { openWorld } from '../world.ts'

test('each poll is told of its own feed, in whatever order Postgres and JavaScript put their names', async () => {
  await using world = await openWorld('2026-01-29T03:00:00Z')
  await world.rows(`update metalgap.feeds set last_error = feed`)
  const slot = world.clock.now()
  const { polls } = await world.database.transaction((client) =>
    lockPolls(client, {
      polls: ['sina', 'cfets', 'lbma'].map((feed) => ({ feed, slot, pages: 1 })),
      ...{ pairs: [], series: [], instruments: [], siblings: [], ticks: 0 },
    }),
  )
  expect(polls.map(({ feed }) => feed.last_error)).toEqual(['sina', 'cfets', 'lbma'])
})
