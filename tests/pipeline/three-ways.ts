/** One history told three ways: live (with the check of parity), by a backtest of what is stored, and as a story of rules. */
import { expect } from 'vitest'
import { backtest } from '../../src/backtest/backtest.ts'
import { storedSource } from '../../src/backtest/source.ts'
import { verifyAll } from '../../src/parity.ts'
import { tellStory } from '../../src/rule-tests/run.ts'
import { readStories } from '../../src/rule-tests/story.ts'
import { recordedPrices } from '../../src/simulator/prices.ts'
import type { World } from '../world.ts'

export interface Noted {
  world: World
  /** polls one feed after the other, a second apart, and notes what each says */
  poll(...feeds: string[]): Promise<void>
  /** holds the three against each other and answers with what was told live: 'rule kind 6.0 severity reason' */
  told(): Promise<string[]>
}

interface Poll {
  at: number
  /** by series */
  quotes: Map<string, { at: number; price: string }>
}

interface Step {
  pair: string
  rule: string
  sequence: number
  kind: string
  value: string
  severity: string
  reason: string
  seen_at: Date
  is_sent: boolean
}

export function note(world: World): Noted {
  const polls: Poll[] = []
  return {
    world,
    async poll(...feeds) {
      for (const feed of feeds) {
        const at = world.clock.now().getTime()
        polls.push({ at, quotes: quotesOf(world, feed, at) })
        await world.poll(feed)
        world.clock.step(1_000)
      }
    },
    async told() {
      const steps = await world.rows<Step>(STEPS)
      expect((await verifyAll(world.context)).map(({ differences }) => differences)).toEqual(
        Object.keys(world.context.specs).map(() => []),
      )
      expect(await toldBackwards(world)).toEqual(steps.map(textOf))
      for (const pair of Object.keys(world.context.specs)) await expectStory(world, pair, polls, steps)
      await expectNothingTwice(world)
      return steps.map(
        ({ rule, kind, value, severity, reason }) =>
          `${rule} ${kind} ${Number(value).toFixed(1)} ${severity} ${reason}`,
      )
    },
  }
}

const STEPS = `
  select pair, rule, sequence, kind, round(t.value, 6)::text as value, t.severity, reason, t.seen_at,
    exists (select from metalgap.deliveries d where d.breach_id = t.breach_id and d.sequence = t.sequence) as is_sent
  from metalgap.transitions t join metalgap.breaches using (breach_id)
  order by rule collate "C", t.seen_at, premium_id, sequence`

function textOf({
  rule,
  sequence,
  kind,
  value,
  severity,
  reason,
}: Omit<Step, 'pair' | 'seen_at' | 'is_sent'>) {
  return [rule, sequence, kind, value, severity, reason].join(' ')
}

async function toldBackwards({ context, database }: World): Promise<string[]> {
  const source = storedSource(database.url, { from: null, to: null })
  const { rules } = await backtest(context.config, source, { rule: null, budget: null })
  return rules
    .toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
    .flatMap(({ rule, breaches }) =>
      breaches.flatMap(({ steps }) =>
        steps.map((step) => textOf({ ...step, rule, value: step.value.toFixed(6) })),
      ),
    )
}

function quotesOf(world: World, feed: string, now: number): Poll['quotes'] {
  const own = world.prices.filter(({ series }) => series.startsWith(`${feed}/`))
  const prices = recordedPrices(own)
  const latest = (series: string) => prices.latest(series, now, 0)
  return new Map(
    [...new Set(own.map(({ series }) => series))].flatMap((series) => {
      const quote = latest(series)
      return quote === null ? [] : [[series, { at: quote.at, price: quote.price }] as const]
    }),
  )
}

interface Judged {
  series: string
  at: Date
  seen_at: Date
  is_doubted: boolean
  is_disputed: boolean
}

/** A story says what a page said, and how a price of it was judged. */
async function expectStory(world: World, pair: string, polls: readonly Poll[], steps: readonly Step[]) {
  const judged = await world.rows<Judged>(
    `select series, at, seen_at, quarantined is not null as is_doubted, disputed is not null as is_disputed
     from metalgap.ticks order by revision`,
  )
  const { config, specs } = world.context
  const { east = [], west = [], fx } = specs[pair] ?? {}
  const columns = [...east, ...west, ...(fx ? [fx] : [])].map(({ facts }) => facts.series)
  const rules = Object.keys(config.rules)
  const rows = polls.map(({ at, quotes }) => {
    const cells = columns.map((series) => {
      const quote = quotes.get(series)
      if (quote === undefined) return '-'
      const known = judged.findLast(
        (one) => one.series === series && +one.at === quote.at && +one.seen_at <= at,
      )
      return `${quote.price}${known?.is_doubted ? '!' : known?.is_disputed ? '?' : ''}@${clockText(quote.at)}`
    })
    const expected = steps
      .filter(
        (step) => step.pair === pair && +step.seen_at === at && (step.kind !== 'changed' || step.is_sent),
      )
      .toSorted((a, b) => rank(a) - rank(b) || rules.indexOf(a.rule) - rules.indexOf(b.rule))
      .map(({ rule, kind, severity, value }) => `${rule} ${kind} ${severity} ${value}`)
    return `      ${[clockText(at), ...cells, expected.join('; ')].join(' | ')}`
  })
  const head = `      ${['time', ...columns, 'expect'].join(' | ')}`
  const date = world.clock.now().toISOString().slice(0, 10)
  const story = `stories:\n  - story: as it was polled\n    pair: ${pair}\n    date: ${date}\n    minutes: |\n${[head, ...rows].join('\n')}\n`
  const [read] = readStories('story.yaml', story).stories
  expect(read && tellStory(config, read), story).toBe(null)
}

/** Corrections are told before what is new. */
function rank({ reason }: Step): number {
  return reason === 'correction' ? 0 : 1
}

function clockText(epoch_ms: number): string {
  return new Date(epoch_ms).toISOString().slice(11, 19)
}

/** What was observed has one row that stands, and one breach of a rule is open at a time. */
async function expectNothingTwice(world: World): Promise<void> {
  expect(
    await world.rows(
      `select pair, count(*) filter (where superseded_at is null) as stand,
         count(*) filter (where standing <> 'correction') as observed
       from metalgap.premiums group by pair
       having count(*) filter (where superseded_at is null) <> count(*) filter (where standing <> 'correction')`,
    ),
  ).toEqual([])
  expect(
    await world.rows(
      `select pair, premium_id from (
         select pair, premium_id, east_tick_id = lag(east_tick_id) over each and west_tick_id = lag(west_tick_id) over each as again
         from metalgap.premiums where standing = 'observation' window each as (partition by pair order by premium_id)
       ) observed where again`,
    ),
  ).toEqual([])
  expect(
    await world.rows(
      `select pair, rule from metalgap.breaches where cleared_at is null group by pair, rule having count(*) > 1
       union all
       select pair, rule from metalgap.transitions join metalgap.breaches using (breach_id)
       where kind = 'raised' group by pair, rule, premium_id having count(*) > 1`,
    ),
  ).toEqual([])
}
