/** However silences, mute windows, acknowledgements, escalations and edits follow on each other. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { verifyAll } from '../../src/parity.ts'
import { evaluate, unfinished } from '../../src/pipeline.ts'
import { silencesAt } from '../../src/store/silences.ts'
import { watchSilences } from '../../src/sweep/silences.ts'
import { acknowledgeBreach } from '../../src/telling/acknowledging.ts'
import { isAbout, muteOf } from '../../src/telling/quiet.ts'
import { addSilence, liftSilence } from '../../src/telling/silencing.ts'
import { eastOf } from '../prices.ts'
import { openWorld, SILVER, type World } from '../world.ts'

const MINUTE = 60_000
const HEAD = SILVER.slice(0, SILVER.indexOf('rules:')).replaceAll(/max_age: \d+m/g, 'max_age: 2d')
const texts = (edits: number) => ({
  'metals/silver.yaml': `${HEAD}rules:
  gap: { pair: silver-live, measure: as_quoted_usd, direction: above, raise: 5.5${edits % 2}, clear: 5, remind: 2h, levels: [{ severity: critical, raise: 8, clear: 7, remind: 1h }], notify: [terminal, night] }
  low: { pair: silver-live, measure: as_quoted_usd, direction: below, raise: 1, clear: 2, enabled: ${edits % 4 !== 3}, mute: [{ days: mon-sun, from: '04:00', to: '07:00', zone: Europe/London }], notify: [terminal] }
`,
  'channels.yaml': `channels:
  terminal: { kind: console }
  night: { kind: console, mute: [{ days: mon-sun, from: '02:00', to: '05:00', zone: UTC }] }
operators: [terminal]
`,
})

type Move =
  | { is: 'price'; gap: number }
  | { is: 'wait'; minutes: number }
  | { is: 'silence'; about: object; hours: number; until_cleared: boolean }
  | { is: 'lift' | 'acknowledge' | 'edit' }

const about = fc.constantFrom<object>(
  { rule: 'gap' },
  { severity: 'warning' },
  { severity: 'critical' },
  { metal: 'silver' },
)
const moves = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        is: fc.constant('price' as const),
        gap: fc.constantFrom(0.5, 1.5, 3, 5.2, 6, 7.5, 9),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ is: fc.constant('wait' as const), minutes: fc.constantFrom(10, 30, 61, 130) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('silence' as const),
        about,
        hours: fc.constantFrom(1, 3, 6),
        until_cleared: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ is: fc.constantFrom('lift' as const, 'acknowledge' as const, 'edit' as const) }),
    },
  ),
  { minLength: 20, maxLength: 40 },
)

interface Played {
  world: World
  edits: number
  gap: number
}

async function play({ world, ...now }: Played, move: Move): Promise<Partial<Played>> {
  const { context, database, clock } = world
  const { is } = move
  if (is === 'price') {
    // a larger step would not be believed
    const gap = Math.max(now.gap - 5, Math.min(now.gap + 5, move.gap))
    await price(world, gap)
    return { gap }
  }
  if (is === 'wait') {
    clock.step(move.minutes * MINUTE)
    await evaluate(context, 'silver-live')
  }
  if (is === 'silence') {
    const until = new Date(clock.now().getTime() + move.hours * 60 * MINUTE)
    const none = { pair: null, rule: null, metal: null, severity: null }
    const { until_cleared } = move
    await addSilence(context, {
      ...none,
      ...move.about,
      until,
      until_cleared,
      who: 'ann',
      reason: 'talks',
    }).catch(() => {})
  }
  if (is === 'lift') {
    const [silence] = await silencesAt(database, clock.now())
    if (silence) await liftSilence(context, silence.silence_id, 'bob')
  }
  if (is === 'acknowledge') {
    const open = await world.rows<{ breach_id: string }>(
      'select breach_id from metalgap.breaches where cleared_at is null',
    )
    for (const breach of open)
      await acknowledgeBreach(context.config, database, {
        ...breach,
        who: 'ann',
        text: null,
        now: clock.now(),
      })
  }
  if (is !== 'edit') return {}
  await world.restart(texts(now.edits + 1))
  for (const pair of (await unfinished(world.context)).pairs) await evaluate(world.context, pair)
  await evaluate(world.context, 'silver-live')
  return { edits: now.edits + 1 }
}

async function price(world: World, gap: number): Promise<void> {
  world.clock.step(MINUTE)
  const at = world.clock.now().getTime()
  const prices = { 'sina/ag-td': eastOf(gap), 'sina/xag': '30.00', 'sina/usdcny': '7.0000' }
  for (const [series, text] of Object.entries(prices)) world.prices.push({ series, at, price: text })
  await world.poll('sina')
}

interface Waiting {
  type: string
  channel: string
  severity: string
  created_at: Date
  data: { pair: string; rule: string; metal: string }
}

/** What waits now is allowed to; and of what is open everybody has heard, or is being kept from hearing. */
async function expectQuiet(world: World): Promise<void> {
  const now = world.clock.now()
  const silences = await silencesAt(world.database, now)
  const waiting = await world.rows<Waiting>(
    `select type, channel, severity, created_at, message -> 'data' as data from metalgap.deliveries
     where state = 'pending' and breach_id is not null`,
  )
  for (const { type, channel, severity, created_at, data } of waiting) {
    expect(muteOf(world.context.config, data.rule, channel, now), `${type} to ${channel}`).toBeNull()
    const over = ['breach.cleared', 'breach.retracted'].includes(type)
    const held = silences.filter((one) => one.began_at <= created_at && isAbout(one, { ...data, severity }))
    if (!over) expect(held, `${type} to ${channel}`).toEqual([])
  }
  await world.rows(
    "update metalgap.deliveries set state = 'delivered', next_attempt_at = null where state = 'pending'",
  )
  const untold = await world.rows<{ rule: string; channel: string }>(
    `select rule, channel from metalgap.breaches b join metalgap.deliveries d using (breach_id) where cleared_at is null
     group by rule, channel, breach_id having not bool_or(d.state = 'delivered' or covered_by is not null)`,
  )
  for (const { rule, channel } of silences.length > 0 ? [] : untold)
    expect(
      muteOf(world.context.config, rule, channel, now),
      `${channel} knows nothing of ${rule}`,
    ).not.toBeNull()
}

/** Whoever heard of a breach heard its end once, and nobody else did. */
const ENDS = `
  select breach_id, channel, count(*) filter (where over and sent)::int as ends,
    bool_or(not over and (sent or covered_by is not null))::int as begun
  from (select *, state = 'delivered' as sent, type in ('breach.cleared', 'breach.retracted') as over
        from metalgap.deliveries where breach_id is not null) d
  group by breach_id, channel`

test('nothing goes out that should not, everybody hears what is raised, and its end', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (story) => {
      await using world = await openWorld('2026-03-28T20:00:00Z', texts(0))
      const played: Played = { world, edits: 0, gap: 3 }
      const calm: Move = { is: 'price', gap: 3 }
      const later = (hours: number): Move => ({ is: 'wait', minutes: 60 * hours })
      for (const move of [calm, ...story, later(8), later(8), calm, calm, later(30)]) {
        Object.assign(played, await play(played, move))
        await watchSilences(world.context)
        await expectQuiet(world)
      }
      const heard = await world.rows<{ ends: number; begun: number }>(ENDS)
      expect(heard.filter(({ ends, begun }) => ends !== begun)).toEqual([])
      expect(await verifyAll(world.context)).toMatchObject([{ differences: [] }])
    }),
    { numRuns: 3 },
  )
})
