/** Legs with a list of sources: the first comparable one is used, and live, backtest, parity and rule stories agree which. */
import { describe, expect, test } from 'vitest'
import { eastOf } from '../prices.ts'
import { openWorld, SILVER, type World } from '../world.ts'
import { type Noted, note } from './three-ways.ts'

const DAY = '2026-03-02'
const SGE = 'sge-delayed/ag-td'
const SINA = 'sina/ag-td'
const BOTH = ['sge-delayed', 'sina']

/** Sources that differ by less than 2 % do not dispute one another, so the bounds are near: 4 is clear and 4.6 breaches. */
const yaml = (east: string, west: string) =>
  SILVER.replace('raise: 5.50', 'raise: 4.50')
    .replace('clear: 5.00', 'clear: 4.20')
    .replace('{ series: sina/ag-td, max_age: 45m }', east)
    .replace('{ series: sina/xag, max_age: 5m }', west)
const SGE_FIRST = yaml(
  `[{ series: ${SGE}, max_age: 10m }, { series: ${SINA}, max_age: 45m }]`,
  '{ series: sina/xag, max_age: 45m }',
)
const LONDON_FIRST = yaml(
  `{ series: ${SINA}, max_age: 45m }`,
  '[{ series: sina/xag, max_age: 5m }, { series: sina/ag-shfe, max_age: 45m }]',
)

/** At a minute of the day the sources know these gaps, and are polled. */
async function at(noted: Noted, time: string, gaps: Record<string, number>, feeds = BOTH): Promise<void> {
  say(noted.world, 'sina/xag', set(noted, time), '30.00')
  await withoutLondon(noted, time, gaps, feeds)
}

async function withoutLondon(
  noted: Noted,
  time: string,
  gaps: Record<string, number>,
  feeds = BOTH,
): Promise<void> {
  const now = set(noted, time)
  for (const [series, gap] of Object.entries(gaps)) say(noted.world, series, now, eastOf(gap))
  say(noted.world, 'sina/usdcny', now, '7.0000')
  await noted.poll(...feeds)
}

function set({ world }: Noted, time: string): number {
  world.clock.set(new Date(`${DAY}T${time}:00Z`))
  return world.clock.now().getTime()
}

function say(world: World, series: string, made: number, price: string): void {
  const known = world.prices.findIndex((one) => one.series === series && one.at === made)
  const quote = { series, at: made, price, known_at: world.clock.now().getTime() }
  if (known < 0) world.prices.push(quote)
  else world.prices[known] = quote
}

/** A source goes back to a price of before for one poll, and says another one. */
async function corrects(
  noted: Noted,
  time: string,
  series: string,
  made: string,
  gap: number,
): Promise<void> {
  const { world } = noted
  world.clock.set(new Date(`${DAY}T${time}:00Z`))
  say(world, series, Date.parse(`${DAY}T${made}:00Z`), eastOf(gap))
  const whole = [...world.prices]
  const shown = whole.filter((one) => one.series !== series || one.at <= Date.parse(`${DAY}T${made}:00Z`))
  world.prices.splice(0, Number.POSITIVE_INFINITY, ...shown)
  await noted.poll(series.split('/')[0] as string)
  world.prices.splice(0, Number.POSITIVE_INFINITY, ...whole)
}

async function open(silver: string) {
  const world = await openWorld(`${DAY}T10:00:00Z`, { 'metals/silver.yaml': silver })
  return { ...note(world), [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

describe('The first source of a list', () => {
  test('is done without while it has said nothing, and is used as soon as it has', async () => {
    await using noted = await open(SGE_FIRST)
    await at(noted, '10:01', { [SINA]: 4.6 })
    await at(noted, '10:02', { [SINA]: 4.6, [SGE]: 4 })
    await at(noted, '10:03', { [SINA]: 4.6, [SGE]: 4 })
    expect(await noted.told()).toEqual([
      'silver-gap raised 4.6 warning first',
      'silver-gap cleared 4.0 warning cleared',
    ])
  })

  test('that is silent is used until it is stale: until then nothing that the second says raises', async () => {
    await using noted = await open(SGE_FIRST)
    await at(noted, '10:01', { [SINA]: 4, [SGE]: 4 })
    for (const time of ['10:02', '10:05', '10:10']) await at(noted, time, { [SINA]: 4.6 })
    expect(await noted.told()).toEqual([])
    await at(noted, '10:12', { [SINA]: 4.6 })
    expect(await noted.told()).toEqual(['silver-gap raised 4.6 warning first'])
  })

  test('that comes back with older prices than the second has told moves nothing until it has caught up', async () => {
    await using noted = await open(SGE_FIRST)
    await at(noted, '10:01', { [SINA]: 4 })
    await at(noted, '10:09', { [SINA]: 4 })
    noted.world.clock.set(new Date(`${DAY}T10:10:00Z`))
    say(noted.world, SGE, Date.parse(`${DAY}T10:01:00Z`), eastOf(4.6))
    await noted.poll('sge-delayed')
    expect(await noted.world.rows("select from metalgap.premiums where standing = 'late'")).toHaveLength(1)
    expect(await noted.told()).toEqual([])
    await at(noted, '10:11', { [SGE]: 4.6 })
    expect(await noted.told()).toEqual(['silver-gap raised 4.6 warning first'])
  })

  test('and the second, where they dispute one another, are not used either of them', async () => {
    await using noted = await open(SGE_FIRST)
    await at(noted, '10:01', { [SINA]: 4, [SGE]: 4 })
    await at(noted, '10:02', { [SINA]: 4, [SGE]: 6 }, ['sina', 'sge-delayed'])
    await at(noted, '10:03', { [SINA]: 4, [SGE]: 6 }, ['sina', 'sge-delayed'])
    expect(await noted.world.rows('select comparability from reporting.premiums_latest')).toEqual([
      { comparability: 'disputed' },
    ])
    expect(await noted.told()).toEqual([])
  })

  test('that is not believed leaves its place to the second, and takes it again when it takes back what it said', async () => {
    await using noted = await open(SGE_FIRST)
    await at(noted, '10:01', { [SINA]: 4.6, [SGE]: 4 })
    await at(noted, '10:02', { [SINA]: 4.6, [SGE]: 400 })
    await at(noted, '10:03', { [SINA]: 4.6 }, ['sina'])
    noted.world.prices.splice(
      noted.world.prices.findIndex(({ price }) => price === eastOf(400)),
      1,
    )
    await at(noted, '10:04', { [SINA]: 4.6 })
    expect(await noted.told()).toEqual([
      'silver-gap raised 4.6 warning first',
      'silver-gap cleared 4.0 warning cleared',
    ])
  })

  test('is corrected while the second is used: what it had raised is taken back', async () => {
    await using noted = await open(SGE_FIRST)
    await at(noted, '10:01', { [SINA]: 4.3, [SGE]: 4.6 })
    await at(noted, '10:12', { [SINA]: 4.3 })
    await corrects(noted, '10:13', SGE, '10:01', 4)
    await at(noted, '10:14', { [SINA]: 4.3 })
    expect(await noted.told()).toEqual([
      'silver-gap raised 4.6 warning first',
      'silver-gap retracted 4.0 warning correction',
    ])
  })

  test('is used again when the second is corrected that had raised, or said something of the very same time', async () => {
    await using noted = await open(SGE_FIRST)
    await at(noted, '10:01', { [SINA]: 4.6 })
    await at(noted, '10:02', { [SGE]: 4.3 })
    await corrects(noted, '10:03', SINA, '10:01', 4)
    await at(noted, '10:04', { [SGE]: 4.6, [SINA]: 4.6 })
    await corrects(noted, '10:05', SINA, '10:04', 4)
    await at(noted, '10:06', { [SINA]: 4 }, ['sina'])
    expect(await noted.told()).toEqual([
      'silver-gap raised 4.6 warning first',
      'silver-gap retracted 4.0 warning correction',
      'silver-gap raised 4.6 warning first',
    ])
  })
})

test('Two sources that have a price of one time are observed both, in the order in which they were polled', async () => {
  await using noted = await open(SGE_FIRST)
  await at(noted, '10:01', { [SINA]: 4 })
  say(noted.world, SGE, Date.parse(`${DAY}T10:01:00Z`), eastOf(4.6))
  await noted.poll('sge-delayed')
  await corrects(noted, '10:03', SINA, '10:01', 4.8)
  expect(await noted.told()).toEqual([
    'silver-gap raised 4.6 warning first',
    'silver-gap changed 4.8 warning correction',
  ])
})

test('Two sources of one page are one observation, of the first that can be compared', async () => {
  await using noted = await open(LONDON_FIRST)
  // Shanghai's futures trade in the morning
  await at(noted, '02:01', { [SINA]: 4, 'sina/ag-shfe': -2 }, ['sina'])
  await withoutLondon(noted, '02:04', { [SINA]: 4, 'sina/ag-shfe': -2 }, ['sina'])
  expect(await noted.told()).toEqual([])
  await withoutLondon(noted, '02:07', { [SINA]: 4, 'sina/ag-shfe': -2 }, ['sina'])
  expect(await noted.world.rows('select from metalgap.premiums')).toHaveLength(3)
  expect(await noted.told()).toEqual(['silver-gap raised 6.0 warning first'])
})

test('A date is observed with each source that can be compared first as it comes: the preferred one may come last', async () => {
  const dated = yaml(
    `{ series: ${SINA}, max_age: 2d }`,
    `[{ series: sina/xag, max_age: 2d }, { series: sina/ag-shfe, max_age: 2d }]`,
  )
  await using noted = await open(dated.replace('max_skew: 5m', 'align: date').replace('30m', '2d'))
  await withoutLondon(noted, '02:01', { [SINA]: 4, 'sina/ag-shfe': 0 }, ['sina'])
  expect(await noted.told()).toEqual([])
  say(noted.world, 'sina/xag', set(noted, '12:00'), '29.00')
  await noted.poll('sina')
  expect(await noted.told()).toEqual(['silver-gap raised 5.0 warning first'])
})
