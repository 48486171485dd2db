/** Feeds have their own alerts: one incident a feed, told to the operators when it begins and when it is over. */
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { poll } from '../../src/pipeline.ts'
import { watchFeeds } from '../../src/sweep/feeds.ts'
import { CALM, DAY } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER, type World } from '../world.ts'

vi.mock('node:dns', () => import('../no-names.ts'))

const health = (world: World, feed = 'sina') =>
  world.rows(`select state, reason, series from reporting.feed_health where feed = '${feed}'`)
const news = (world: World) =>
  world.rows<{ type: string; subject: string; sequence: number; data: Record<string, unknown> }>(
    `select type, subject, sequence, message -> 'data' as data from metalgap.deliveries
     where type like 'feed.%' order by created_at, subject, sequence`,
  )
const incidents = (world: World) =>
  world.rows(
    'select feed, state, ended_by, folded_into is not null as folded from reporting.feed_incidents order by 1',
  )

/** the clock's second, so that every poll is a slot of its own */
const second = (at: number) => new Date(at * 1000).toISOString().slice(11, 19)
const HOUR = 3600

test('three failed polls in a row are failing, one good poll is the recovery, and each is told once', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  world.exchanges.faults.set('sina', '503', 4)
  for (const time of ['02:00:15', '02:00:25']) await pollAt(world, time)
  expect(await health(world)).toMatchObject([{ state: 'ok' }])
  for (const time of ['02:00:35', '02:00:45', '02:00:55', '02:01:05']) await pollAt(world, time)
  expect(await health(world)).toMatchObject([{ state: 'ok', reason: null, series: [] }])
  expect(await news(world)).toMatchObject([
    {
      type: 'feed.failing',
      subject: 'feed/sina',
      sequence: 1,
      data: { state: 'failing', failures_in_row: 3 },
    },
    {
      type: 'feed.recovered',
      subject: 'feed/sina',
      sequence: 2,
      data: { state: 'ok', since: '2026-03-02T02:00:35.000Z' },
    },
  ])
})

test('a feed that flaps is told once; one that stays in trouble is told again, and so is one that had been well for long', async () => {
  await using world = await openWorld(DAY)
  const since = world.clock.now()
  const fail = async (minute: number) => {
    world.exchanges.faults.set('sina', '503')
    for (const at of [1, 11, 21]) await pollAt(world, second(2 * HOUR + minute * 60 + at))
  }
  const heal = async (minute: number) => {
    world.exchanges.faults.set('sina', null)
    const moved = { 'sina/ag-td': `${7000 + minute}.00`, 'sina/xag': `30.${10 + (minute % 80)}` }
    quote(world, second(2 * HOUR + minute * 60), { ...CALM, ...moved })
    await pollAt(world, second(2 * HOUR + minute * 60 + 1))
    await watchFeeds(world.context, since)
  }
  for (let minute = 0; minute < 60; minute += 4) {
    await fail(minute)
    await heal(minute + 2)
  }
  expect((await news(world)).map(({ type }) => type)).toEqual(['feed.failing', 'feed.recovered'])
  expect((await incidents(world)).filter(({ folded }) => folded)).toHaveLength(14)
  await fail(60)
  for (let minute = 61; minute < 72; minute++) await pollAt(world, second(2 * HOUR + minute * 60))
  await watchFeeds(world.context, since)
  await heal(73)
  expect((await news(world)).slice(2).map(({ type }) => type)).toEqual(['feed.failing', 'feed.recovered'])
  await fail(110)
  await heal(112)
  expect((await news(world)).slice(4).map(({ type }) => type)).toEqual(['feed.failing', 'feed.recovered'])
})

test('a page that is not understood three times has drifted', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  world.exchanges.faults.set('sina', 'waf')
  for (const time of ['02:00:05', '02:00:15', '02:00:25']) await pollAt(world, time)
  expect(await health(world)).toMatchObject([{ state: 'drifted' }])
  expect(await news(world)).toMatchObject([{ type: 'feed.failing', data: { state: 'drifted' } }])
})

test('value and time that stand still through ten polls of an open session are frozen, until either moves', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  for (let i = 1; i <= 9; i++) await pollAt(world, second(2 * HOUR + i * 15))
  expect(await health(world)).toMatchObject([{ state: 'ok' }])
  await pollAt(world, second(2 * HOUR + 150))
  expect(await health(world)).toMatchObject([
    { state: 'frozen', series: ['sina/ag-td', 'sina/xag', 'sina/usdcny'] },
  ])
  expect(await world.rows(`select last_error from reporting.feed_health where feed = 'sina'`)).toEqual([
    { last_error: expect.stringContaining('sina/xag says 30 of 2026-03-02T02:00:00.000Z again and again') },
  ])
  quote(world, '02:02:50', CALM)
  await pollAt(world, '02:02:55')
  expect(await world.rows(`select last_error from reporting.feed_health where feed = 'sina'`)).toEqual([
    { last_error: null },
  ])
  expect((await news(world)).map(({ type }) => type)).toEqual(['feed.failing', 'feed.recovered'])
})

test('a value alone that stands still for an hour is frozen, but not that of a rate', async () => {
  await using world = await openWorld(DAY)
  for (let minute = 0; minute <= 61; minute += 1) {
    const time = second(2 * HOUR + minute * 60)
    quote(world, time, { ...CALM, 'sina/xag': `30.${10 + (minute % 9)}` })
    await pollAt(world, second(2 * HOUR + minute * 60 + 5))
  }
  expect(await health(world)).toMatchObject([{ state: 'frozen', series: ['sina/ag-td'] }])
})

test('the session that closes on a quiet price is no news', async () => {
  const texts = {
    'feeds.yaml': 'feeds: { sina: { base_url: URL, series: { ag-td: { calendar: sge } } } }\n',
  }
  await using world = await openWorld(DAY)
  await world.restart({ 'feeds.yaml': texts['feeds.yaml'].replace('URL', world.exchanges.url) })
  quote(world, '07:29:50', CALM)
  for (let i = 0; i < 14; i++) {
    const time = second(7.5 * HOUR + i * 10)
    quote(world, time, { 'sina/xag': '30.01', 'sina/usdcny': `7.00${10 + i}` })
    await pollAt(world, second(7.5 * HOUR + 5 + i * 10))
  }
  expect(await health(world)).toMatchObject([{ state: 'ok' }])
})

const TWO_SOURCES = SILVER.replace(
  'east: { series: sina/ag-td, max_age: 45m }',
  'east: [{ series: sina/ag-td, max_age: 45m }, { series: sge-delayed/ag-td, max_age: 45m }]',
)

test('two sources of one instrument that disagree are disputed, and so is the leg, until they agree', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_SOURCES })
  quote(world, '02:00', { ...CALM, 'sge-delayed/ag-td': '7010' })
  await pollAt(world, '02:00:05', 'sge-delayed', 'sina')
  expect(await health(world)).toMatchObject([{ state: 'ok' }])
  quote(world, '02:15', { ...CALM, 'sina/ag-td': '7700.00', 'sge-delayed/ag-td': '7000' })
  await pollAt(world, '02:15:05', 'sina')
  await pollAt(world, '02:30:00', 'sge-delayed')
  quote(world, '02:30:30', { ...CALM, 'sina/ag-td': '7700.00' })
  await pollAt(world, '02:30:31', 'sina')
  expect(await health(world)).toMatchObject([{ state: 'disputed', series: ['sina/ag-td'] }])
  expect(await health(world, 'sge-delayed')).toMatchObject([{ state: 'disputed' }])
  const [now] = await world.rows('select state, reason from reporting.comparability where until is null')
  expect(now).toMatchObject({ state: 'disputed', reason: expect.stringContaining('7700') })
})

test('a source that jumps away from what another has just said is disputed at once: nothing is raised on its word alone', async () => {
  await using world = await openWorld(DAY, {
    'metals/silver.yaml': TWO_SOURCES.replace('max_age: 5m', 'max_age: 45m'),
  })
  quote(world, '02:00', { ...CALM, 'sge-delayed/ag-td': '7010' })
  await pollAt(world, '02:15:05', 'sge-delayed', 'sina')
  expect(await health(world)).toMatchObject([{ state: 'ok' }])
  quote(world, '02:01:30', { ...CALM, 'sina/ag-td': '8400.00' })
  await pollAt(world, '02:15:15', 'sina')
  expect(await health(world)).toMatchObject([{ state: 'disputed', series: ['sina/ag-td'] }])
  expect(await world.rows('select rule from reporting.breaches')).toEqual([])
})

test('what nobody polled is late, one message for all feeds, and recovers with the next poll', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_SOURCES })
  const since = world.clock.now()
  quote(world, '02:00', { ...CALM, 'sge-delayed/ag-td': '7010' })
  await pollAt(world, '02:00:00', 'sina', 'sge-delayed')
  await watchFeeds(world.context, since)
  expect(await news(world)).toEqual([])
  world.clock.set(new Date('2026-03-02T02:10:00Z'))
  await watchFeeds(world.context, since)
  await watchFeeds(world.context, since)
  expect(await health(world)).toMatchObject([{ state: 'late' }])
  expect(await incidents(world)).toMatchObject([{ folded: true }, { folded: false }].toReversed())
  expect(await news(world)).toHaveLength(1)
  await pollAt(world, '02:10:05', 'sina', 'sge-delayed')
  expect((await news(world)).map(({ type }) => type)).toEqual(['feed.failing', 'feed.recovered'])
})

test('a fault of ours is told of one feed; another that outlasts it by ten minutes is told by itself', async () => {
  const unreachable = (...feeds: string[]) =>
    feeds.map((feed) => `  ${feed}: { base_url: 'https://nowhere.example.com' }`).join('\n')
  await using world = await openWorld(DAY, {
    'metals/silver.yaml': TWO_SOURCES,
    'feeds.yaml': `feeds:\n${unreachable('sina', 'sge-delayed')}\n`,
  })
  for (const time of ['02:00:00', '02:01:00', '02:02:00']) await pollAt(world, time, 'sina', 'sge-delayed')
  expect((await news(world)).map(({ subject }) => subject)).toEqual(['feed/sina'])
  expect(await incidents(world)).toMatchObject([
    { feed: 'sge-delayed', state: 'failing', folded: true },
    { feed: 'sina', state: 'failing', folded: false },
  ])
  await world.restart({
    'feeds.yaml': `feeds:\n  sina: { base_url: '${world.exchanges.url}', series: { ag-td: { calendar: always }, xag: { calendar: always } } }\n${unreachable('sge-delayed')}\n`,
  })
  quote(world, '02:03', CALM)
  await pollAt(world, '02:03:00', 'sina')
  await watchFeeds(world.context, world.clock.now())
  expect((await news(world)).map(({ type }) => type)).toEqual(['feed.failing', 'feed.recovered'])
  world.clock.set(new Date('2026-03-02T02:13:00Z'))
  await watchFeeds(world.context, world.clock.now())
  await watchFeeds(world.context, world.clock.now())
  expect((await news(world)).at(-1)).toMatchObject({
    ...{ type: 'feed.failing', subject: 'feed/sge-delayed', sequence: 1 },
    data: { state: 'failing', since: '2026-03-02T02:02:00.000Z' },
  })
  expect(await news(world)).toHaveLength(3)
})

test('replicas that poll and watch at once write one incident', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_SOURCES })
  quote(world, '02:00', { ...CALM, 'sge-delayed/ag-td': '7010' })
  await pollAt(world, '02:00:00', 'sina', 'sge-delayed')
  const since = world.clock.now()
  world.clock.set(new Date('2026-03-02T02:10:00Z'))
  world.exchanges.faults.set('sina', '503')
  await Promise.all([
    ...[1, 2, 3].map(() => watchFeeds(world.context, since)),
    ...[0, 1, 2].map((i) =>
      poll(world.context, { feed: 'sina', slot: new Date(world.clock.now().getTime() + i) }),
    ),
  ])
  expect(await world.rows(`select from reporting.feed_incidents where feed = 'sina'`)).toHaveLength(1)
  // who was first decides whether sina or the other silent feed is told of; never is one told of twice
  const told = (await news(world)).map(({ subject }) => subject)
  expect(told).toHaveLength(new Set(told).size)
  expect(told.length).toBeGreaterThan(0)
})

test('right after a start nothing is late yet', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:00')
  world.clock.set(new Date('2026-03-02T12:00:00Z'))
  await watchFeeds(world.context, world.clock.now())
  expect(await news(world)).toEqual([])
})

test('the incident of a feed that is polled no more ends without a word', async () => {
  await using world = await openWorld(DAY)
  world.exchanges.faults.set('sina', '503')
  for (const time of ['02:00:05', '02:00:15', '02:00:25']) await pollAt(world, time)
  await world.restart({ 'metals/silver.yaml': SILVER.replace('max_skew', 'enabled: false\n    max_skew') })
  await watchFeeds(world.context, world.clock.now())
  expect(await incidents(world)).toMatchObject([{ feed: 'sina', ended_by: 'disabled' }])
  expect(await news(world)).toHaveLength(1)
})

test('whatever a source does, a feed has one incident at a time, and its messages alternate', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(null, '503', 'waf', 'zero'), { maxLength: 25 }),
      async (faults) => {
        await using world = await openWorld(DAY)
        for (const [i, fault] of faults.entries()) {
          world.exchanges.faults.set('sina', fault)
          quote(world, second(2 * HOUR + i * 10), CALM)
          await pollAt(world, second(2 * HOUR + i * 10 + 1))
        }
        const open = await world.rows('select from reporting.feed_incidents where ended_at is null')
        const [{ state } = { state: '' }] = await world.rows<{ state: string }>(
          `select state from metalgap.feeds where feed = 'sina'`,
        )
        expect(open).toHaveLength(state === 'ok' ? 0 : 1)
        const told = await news(world)
        expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, i) => i + 1))
        expect(told.map(({ type }) => type)).toEqual(
          told.map((_, i) => (i % 2 === 0 ? 'feed.failing' : 'feed.recovered')),
        )
      },
    ),
    { numRuns: 6 },
  )
})
