/** Polls that wait for the same pair share a transaction, and nothing that they say depends on it. */
import { expect, test, vi } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { verifyAll } from '../../src/parity.ts'
import { poll } from '../../src/pipeline.ts'
import { readPage } from '../../src/polling/page.ts'
import { planPoll } from '../../src/polling/plan.ts'
import { openTogether } from '../../src/polling/together.ts'
import { storePoll } from '../../src/polling.ts'
import { openWorld, quote, SILVER, type World } from '../world.ts'

vi.mock('node:dns', () => import('../no-names.ts'))

const FEEDS = ['sge-delayed', 'sina', 'cfets']
const THREE_FEEDS = {
  'metals/silver.yaml': SILVER.replace('sina/ag-td', 'sge-delayed/ag-td')
    .replace('sina/usdcny', 'cfets/usdcny-spot')
    .replace('max_skew: 5m', 'max_skew: 30m'),
}

/** Four minutes of prices; the third is over the bound, the fourth is below it again. */
async function play(world: World, pollAll: (slot: Date) => Promise<unknown>): Promise<void> {
  const west = ['43.00', '43.10', '38.00', '44.00']
  for (const [minute, xag] of west.entries()) {
    const time = `03:0${minute}`
    // Shanghai is shown a quarter of an hour late
    quote(world, `02:4${minute}`, { 'sge-delayed/ag-td': '10000' })
    quote(world, time, { 'sina/xag': xag, 'cfets/usdcny-spot': '7.0000' })
    world.clock.set(new Date(`2026-01-29T${time}:30Z`))
    await pollAll(world.clock.now())
  }
}

/** All pages are read before any is stored. */
async function pollAtOnce({ context }: World, slot: Date): Promise<void> {
  const read = FEEDS.map(async (feed) => {
    const plan = planPoll(context, feed)
    if (plan === null) throw new Error(`${feed} is not polled`)
    const pages = await Promise.all(plan.pages.map((page) => readPage(context, plan.config, plan.feed, page)))
    return { feed, slot, plan, pages }
  })
  await Promise.all(
    (await Promise.all(read)).map((one) => storePoll(context, one, context.polls.expect(one.feed))),
  )
}

const TOLD = `select kind, time, value::text, reason from metalgap.transitions order by seen_at, sequence`

test('three polls at once are one transaction, and tell what they tell one after the other', async () => {
  await using together = await openWorld('2026-01-29T03:00:00Z', THREE_FEEDS)
  await play(together, (slot) => pollAtOnce(together, slot))
  await using apart = await openWorld('2026-01-29T03:00:00Z', THREE_FEEDS)
  await play(apart, async (slot) => {
    for (const feed of FEEDS) await poll(apart.context, { feed, slot })
  })
  const transactions = await together.rows<{ polls: number; commits: number }>(
    'select count(*)::int as polls, count(distinct xmin::text)::int as commits from metalgap.fetches group by slot order by slot',
  )
  expect(transactions.map(({ polls }) => polls)).toEqual([3, 3, 3, 3])
  // the first ones also make room for the month, each for itself
  expect(transactions.slice(1).map(({ commits }) => commits)).toEqual([1, 1, 1])
  const told = await together.rows(TOLD)
  expect(told.map(({ kind }) => kind)).toEqual(['raised', 'cleared'])
  expect(told).toEqual(await apart.rows(TOLD))
  for (const { differences } of await verifyAll(together.context)) expect(differences).toEqual([])
})

test('what a source of one transaction takes back is told in its turn, before what the next one brings', async () => {
  await using world = await openWorld('2026-01-29T03:00:00Z', THREE_FEEDS)
  const pollAll = async (time: string) => {
    world.clock.set(new Date(`2026-01-29T${time}:30Z`))
    await pollAtOnce(world, world.clock.now())
  }
  quote(world, '02:45', { 'sge-delayed/ag-td': '10000' })
  quote(world, '03:00', { 'sina/xag': '43.00', 'cfets/usdcny-spot': '7.0000' })
  await pollAll('03:00')
  quote(world, '02:46', { 'sge-delayed/ag-td': '100000' })
  await pollAll('03:01')
  world.prices.pop()
  quote(world, '03:02', { 'sina/xag': '38.00' })
  await pollAll('03:02')
  expect((await world.rows(TOLD)).map(({ kind }) => kind)).toEqual(['raised'])
  for (const { differences } of await verifyAll(world.context)) expect(differences).toEqual([])
})

test('a fault of ours that three polls of one transaction suffer from is told of one feed', async () => {
  const feeds = FEEDS.map((feed) => `  ${feed}: { base_url: 'https://nowhere.example.com' }`).join('\n')
  await using world = await openWorld('2026-01-29T03:00:00Z', {
    ...THREE_FEEDS,
    'feeds.yaml': `feeds:\n${feeds}\n`,
  })
  for (const minute of ['00', '01', '02']) {
    world.clock.set(new Date(`2026-01-29T03:${minute}:00Z`))
    await pollAtOnce(world, world.clock.now())
  }
  expect(
    await world.rows(
      'select feed, folded_into is not null as folded from metalgap.feed_incidents order by 1',
    ),
  ).toEqual([
    { feed: 'cfets', folded: false },
    { feed: 'sge-delayed', folded: true },
    { feed: 'sina', folded: true },
  ])
})

test('polls of one feed are never stored together', async () => {
  await using world = await openWorld('2026-01-29T03:00:00Z')
  quote(world, '03:00', { 'sina/ag-td': '10000', 'sina/xag': '43.00', 'sina/usdcny': '7' })
  const slots = [0, 1, 2, 3].map((second) => new Date(Date.parse('2026-01-29T03:00:00Z') + second * 1000))
  await Promise.all(slots.map((slot) => poll(world.context, { feed: 'sina', slot })))
  expect(
    await world.rows(
      `select count(*)::int as polls, count(distinct xmin::text)::int as commits,
         count(*) filter (where outcome = 'changed')::int as changed from metalgap.fetches`,
    ),
  ).toEqual([{ polls: 4, commits: 4, changed: 1 }])
})

test('what fails among several is tried alone, so that none fails for another', async () => {
  const asked: string[][] = []
  const { expect: meet } = openTogether<string, string>(
    async (items) => {
      asked.push([...items])
      if (items.includes('bad')) throw new Error('bad one')
      return items.map((item) => `${item}!`)
    },
    () => true,
  )
  const results = await Promise.allSettled(['good', 'bad', 'better'].map((name) => meet(name).add(name)))
  expect(results.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))).toEqual([
    'good!',
    'bad one',
    'better!',
  ])
  expect(asked).toEqual([['good', 'bad', 'better'], ['good'], ['bad'], ['better']])
})

test('a database that is away fails all of them at once', async () => {
  const asked: string[][] = []
  const { expect: meet } = openTogether<string, string>(
    async (items) => {
      asked.push([...items])
      throw new UserError('the database is away', 69)
    },
    () => true,
  )
  const results = await Promise.allSettled(['one', 'other'].map((name) => meet(name).add(name)))
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(asked).toEqual([['one', 'other']])
})

test('who is about to come is waited for, and who comes never is not waited for long', async () => {
  const asked: string[][] = []
  const { expect: meet } = openTogether<string, string>(
    async (items) => {
      asked.push([...items])
      return items
    },
    () => true,
  )
  const [early, late] = [meet('early'), meet('late')]
  const first = early.add('early')
  await Promise.all([first, late.add('late')])
  const never = meet('never')
  await meet('alone').add('alone')
  never[Symbol.dispose]()
  await meet('after').add('after')
  expect(asked).toEqual([['early', 'late'], ['alone'], ['after']])
})
