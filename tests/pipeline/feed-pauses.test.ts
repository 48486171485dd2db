import { expect, test } from 'vitest'
import { openWorld, pollAt, SILVER } from '../world.ts'
import { startDestination } from './destination.ts'

const DAY = '2026-01-28'

test('a source that asks to be left alone is not asked before its time, and the feed says so', async () => {
  await using source = await startDestination()
  await using world = await openWorld(`${DAY}T10:00:00Z`, {
    'feeds.yaml': `feeds: { sina: { base_url: "${new URL(source.url).origin}" } }\n`,
  })
  source.react({ status: 429, headers: { 'retry-after': '300' } })
  for (const time of ['10:00', '10:01', '10:04:59']) await pollAt(world, time)
  expect(source.received).toHaveLength(1)
  const { host } = new URL(source.url)
  expect(await world.rows("select state, last_error from reporting.feed_health where feed = 'sina'")).toEqual(
    [
      {
        state: 'failing',
        last_error: `${host} answered 429, and is not asked again before ${DAY}T10:05:00.000Z`,
      },
    ],
  )
  await pollAt(world, '10:05')
  expect(source.received).toHaveLength(2)
})

test('a source that refuses and wishes nothing is asked at its next time', async () => {
  await using source = await startDestination()
  await using world = await openWorld(`${DAY}T10:00:00Z`, {
    'feeds.yaml': `feeds: { sina: { base_url: "${new URL(source.url).origin}" } }\n`,
  })
  source.react({ status: 503 }, { status: 503, headers: { 'retry-after': 'soon' } })
  for (const time of ['10:00', '10:01', '10:02']) await pollAt(world, time)
  expect(source.received).toHaveLength(3)
})

test('what one feed was told counts for all feeds of that source', async () => {
  await using source = await startDestination()
  const base_url = new URL(source.url).origin
  await using world = await openWorld(`${DAY}T10:00:00Z`, {
    'metals/silver.yaml': SILVER.replace('sina/ag-td', 'sge-delayed/ag-td'),
    'feeds.yaml': `feeds: { sina: { base_url: "${base_url}" }, sge-delayed: { base_url: "${base_url}" } }\n`,
  })
  source.react({ status: 429, headers: { 'retry-after': '300' } })
  await pollAt(world, '10:00', 'sina')
  await pollAt(world, '10:01', 'sge-delayed')
  expect(source.received).toHaveLength(1)
})
