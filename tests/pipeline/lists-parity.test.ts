/** However the sources of a list come, fall silent, are doubted, disputed and corrected: it is told the same way, and once. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eastOf } from '../prices.ts'
import { openWorld, SILVER, type World } from '../world.ts'
import { note } from './three-ways.ts'

const SGE = 'sge-delayed/ag-td'
const SINA = 'sina/ag-td'
const MINUTE = 60_000

const rules = (pair: string) => `
  ${pair}-at-once: { pair: ${pair}, measure: as_quoted_usd, direction: above, raise: 4.50, clear: 4.20, severity: warning, levels: [{ severity: critical, raise: 7, clear: 6 }], notify: [terminal] }
  ${pair}-held: { pair: ${pair}, measure: as_quoted_usd, direction: above, raise: 4.50, clear: 4.20, for: 2m, clear_for: 2m, max_gap: 6m, severity: warning, notify: [terminal] }
  ${pair}-jump: { pair: ${pair}, measure: { change: as_quoted_usd, over: 4m }, direction: above, raise: 0.50, clear: 0.20, severity: info, notify: [terminal] }`
const pair = (name: string, east: string, west: string) => `
  ${name}: { east: ${east}, west: ${west}, fx: { series: sina/usdcny, max_age: 30m }, max_skew: 3m }`
const PAIRS = [
  pair(
    'delayed-first',
    `[{ series: ${SGE}, max_age: 5m }, { series: ${SINA}, max_age: 10m }]`,
    '{ series: sina/xag, max_age: 8m }',
  ),
  pair(
    'live-first',
    `[{ series: ${SINA}, max_age: 3m }, { series: ${SGE}, max_age: 20m }]`,
    '[{ series: sina/xag, max_age: 4m }, { series: sina/ag-shfe, max_age: 10m }]',
  ),
]
const LISTS = `${SILVER.slice(0, SILVER.indexOf('pairs:'))}
pairs:${PAIRS.join('')}
rules:${rules('delayed-first')}${rules('live-first')}
`

interface Move {
  minutes: number
  /** gaps in USD an ounce; null: the source says nothing new */
  sina: number | null
  sge: number | null
  /** minutes by which the exchange's own page is behind */
  delay: number
  london: string | null
  /** another price for a time of before, so many prices ago */
  corrects: { series: string; ago: number; gap: number } | null
  /** says ten times as much for one poll */
  slips: string | null
  feeds: string[]
}

const gap = fc.constantFrom(4, 4.3, 4.6, 5, 7.5)
const moves = fc.array(
  fc.record<Move>({
    minutes: fc.constantFrom(1, 1, 1, 2, 7),
    sina: fc.option(gap, { freq: 4 }),
    sge: fc.option(gap, { freq: 4 }),
    delay: fc.constantFrom(0, 1, 2),
    london: fc.option(fc.constantFrom('30.00', '30.20'), { freq: 4 }),
    corrects: fc.option(fc.record({ series: fc.constantFrom(SGE, SINA), ago: fc.nat(4), gap }), { freq: 1 }),
    slips: fc.option(fc.constantFrom(SGE, SINA), { freq: 1 }),
    feeds: fc.constantFrom(['sina', 'sge-delayed'], ['sge-delayed', 'sina'], ['sina'], ['sge-delayed']),
  }),
  { minLength: 6, maxLength: 16 },
)

const NEXT: Move = {
  ...{ minutes: 1, sina: null, sge: null, delay: 0, london: '30.00', corrects: null, slips: null },
  feeds: ['sina', 'sge-delayed'],
}
/** Both sources have a price of one time, the second of them raises, and the first is corrected. */
const ONE_TIME: Move[] = [
  { ...NEXT, sina: 4 },
  { ...NEXT, sge: 4.6, delay: 1, feeds: ['sge-delayed'] },
  { ...NEXT, corrects: { series: SINA, ago: 0, gap: 5 }, feeds: ['sina'] },
]

async function play(world: World, poll: (...feeds: string[]) => Promise<void>, story: readonly Move[]) {
  for (const [i, move] of story.entries()) {
    world.clock.step(move.minutes * MINUTE)
    // whole minutes, so that the times of two sources meet
    const now = Math.floor(world.clock.now().getTime() / MINUTE) * MINUTE
    if (move.sina !== null) say(world, SINA, now, eastOf(move.sina))
    if (move.sge !== null) say(world, SGE, now - move.delay * MINUTE, eastOf(move.sge))
    if (move.london !== null) say(world, 'sina/xag', now, move.london)
    say(world, 'sina/ag-shfe', now, eastOf(0.1))
    say(world, 'sina/usdcny', now, '7.0000')
    const hidden = correct(world, move)
    const slip = world.prices.findLast(({ series }) => series === move.slips)
    const wrong = slip && { ...slip, at: now, price: `${Number(slip.price) * 10}` }
    if (wrong && wrong.at > slip.at) world.prices.push(wrong)
    await poll(...move.feeds)
    world.prices.splice(
      0,
      Number.POSITIVE_INFINITY,
      ...world.prices.filter((one) => one !== wrong),
      ...hidden,
    )
    if (i % 5 === 4) await world.restart({})
  }
}

function say(world: World, series: string, at: number, price: string): void {
  const known = world.prices.findIndex((one) => one.series === series && one.at === at)
  if (known >= 0) world.prices.splice(known, 1)
  world.prices.push({ series, at, price, known_at: at })
}

/** The source goes back to an older price for one poll: what is hidden meanwhile. */
function correct(world: World, { corrects }: Move): World['prices'] {
  if (corrects === null) return []
  const made = world.prices.filter(({ series }) => series === corrects.series).sort((a, b) => a.at - b.at)
  const old = made.at(-1 - corrects.ago)
  if (old === undefined) return []
  old.price = eastOf(corrects.gap)
  const hidden = made.filter(({ at }) => at > old.at)
  world.prices.splice(0, Number.POSITIVE_INFINITY, ...world.prices.filter((one) => !hidden.includes(one)))
  return hidden
}

test('live, replayed, tested backwards and told as a story, a pair with lists of sources tells the same, and nothing twice', async () => {
  let told = 0
  await fc.assert(
    fc.asyncProperty(moves, async (story) => {
      await using world = await openWorld('2026-03-02T01:05:00Z', { 'metals/silver.yaml': LISTS })
      const noted = note(world)
      await play(world, noted.poll, story)
      told += (await noted.told()).length
    }),
    { numRuns: 5, examples: [[ONE_TIME]] },
  )
  expect(told).toBeGreaterThan(0)
})
