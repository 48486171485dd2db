import { describe, expect, test } from 'vitest'
import { deliver } from '../../src/deliver.ts'
import { explainBreach } from '../../src/explain/breach.ts'
import { breachText } from '../../src/explain/breach-text.ts'
import { DATA } from '../../src/message/data.ts'
import { verifyAll, verifyNightly } from '../../src/parity.ts'
import { evaluate } from '../../src/pipeline.ts'
import { figures } from '../../src/store/figures.ts'
import { addSilence } from '../../src/telling/silencing.ts'
import { eastOf } from '../prices.ts'
import { gapAt, openWorld, pollAt, quote, SILVER, type World } from '../world.ts'
import { SECRET } from './desk.ts'
import { startDestination } from './destination.ts'

const DAY = '2026-03-02'

/** The source says another price for a time that it has spoken of; it is seen with the next poll. */
function revise(world: World, time: string, gap: number): void {
  const at = Date.parse(`${DAY}T${time}:00Z`)
  const row = world.prices.find((price) => price.series === 'sina/ag-td' && price.at === at)
  if (row === undefined) throw new Error(`no price of ${time}`)
  row.price = eastOf(gap)
}

/** As `revise`, of a price that is not the newest: the source goes back to it for one poll. */
async function goBack(world: World, time: string, gap: number, seen: string): Promise<void> {
  revise(world, time, gap)
  const at = Date.parse(`${DAY}T${time}:00Z`)
  const kept = [...world.prices]
  const isHidden = (row: (typeof kept)[number]) => row.series === 'sina/ag-td' && row.at > at
  world.prices.splice(0, Number.POSITIVE_INFINITY, ...kept.filter((row) => !isHidden(row)))
  await pollAt(world, seen)
  world.prices.splice(0, Number.POSITIVE_INFINITY, ...kept)
}

const steps = async (world: World) =>
  (
    await world.rows<Record<string, string>>(
      `select rule, sequence, kind, round(t.value, 1)::text as value, t.severity, reason from metalgap.transitions t
       join metalgap.breaches using (breach_id) order by t.seen_at, rule, raised_at, sequence`,
    )
  ).map((row) => ['rule', 'sequence', 'kind', 'value', 'severity', 'reason'].map((key) => row[key]).join(' '))

interface Told {
  type: string
  message: { data: Record<string, unknown> }
}

const told = (world: World) =>
  world.rows<Told>(
    "select type, message from metalgap.deliveries where type ~ '^breach' order by created_at, sequence",
  )
const typesTold = async (world: World) => (await told(world)).map(({ type }) => type)

async function expectParity(world: World, transitions: number): Promise<void> {
  const checked = await verifyAll(world.context)
  expect(checked.map(({ differences }) => differences)).toEqual(checked.map(() => []))
  expect(checked.reduce((total, each) => total + each.transitions, 0)).toBe(transitions)
}

const rules = (yaml: string) => SILVER.slice(0, SILVER.indexOf('rules:')) + yaml
const LEVELS = SILVER.replace(
  '    notify:',
  '    levels: [{ severity: critical, raise: 8.00, clear: 7.00 }]\n    notify:',
)

describe('A price that its source corrects', () => {
  test('takes its alert back: one message with both numbers, signed and sent, and the breach is closed', async () => {
    await using risk = await startDestination()
    await using world = await openWorld(`${DAY}T10:00:00Z`, {
      'metals/silver.yaml': SILVER.replace('[terminal]', '[risk]'),
      'channels.yaml': `channels: { risk: { kind: webhook, url: "${risk.url}", secrets: [${SECRET}] }, terminal: { kind: console } }\noperators: [terminal]\n`,
    })
    await gapAt(world, '10:01', 4)
    await gapAt(world, '10:02', 6)
    revise(world, '10:02', 4.5)
    await pollAt(world, '10:03')
    expect(await steps(world)).toEqual([
      'silver-gap 1 raised 6.0 warning first',
      'silver-gap 2 retracted 4.5 warning correction',
    ])
    const ids = await world.rows<{ delivery_id: string }>(
      "select delivery_id from metalgap.deliveries where channel = 'risk' order by sequence",
    )
    for (const { delivery_id } of ids) await deliver(world.context, { delivery_id })
    const bodies = risk.received.map(({ body }) => JSON.parse(body))
    expect(bodies.map(({ type }) => type)).toEqual(['breach.raised', 'breach.retracted'])
    const { timestamp, data } = bodies[1]
    expect(DATA['breach.retracted'].safeParse(data).error).toBe(undefined)
    expect(timestamp).toBe(`${DAY}T10:03:00.000Z`)
    expect(data).toMatchObject({
      severity: 'warning',
      reason: 'correction',
      previous: { at: `${DAY}T10:02:00.000Z` },
    })
    expect([data.previous.value.slice(0, 3), data.value.slice(0, 3), data.premium.as_quoted_usd]).toEqual([
      '6.0',
      '4.5',
      data.value,
    ])
    expect(await world.rows('select state, cleared_at::text from reporting.breaches')).toEqual([
      { state: 'retracted', cleared_at: expect.stringMatching(/^2026-03-02 .*03:00/) },
    ])
    await expectParity(world, 2)
  })

  test('is kept: every premium that used it gets another row, and the old ones stay as they were', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`)
    await gapAt(world, '10:01', 4)
    for (const [time, west] of [
      ['10:02', '30.10'],
      ['10:03', '30.20'],
    ] as const) {
      quote(world, time, { 'sina/xag': west })
      await pollAt(world, time)
    }
    revise(world, '10:01', 4.5)
    await pollAt(world, '10:04')
    expect(
      await world.rows(
        `select round(as_quoted_usd, 1)::text as gap, standing, superseded_at is null as stands
         from metalgap.premiums order by time, premium_id`,
      ),
    ).toEqual([
      { gap: '4.0', standing: 'observation', stands: false },
      { gap: '4.5', standing: 'correction', stands: true },
      { gap: '3.9', standing: 'observation', stands: false },
      { gap: '4.4', standing: 'correction', stands: true },
      { gap: '3.8', standing: 'observation', stands: false },
      { gap: '4.3', standing: 'correction', stands: true },
    ])
    expect(await world.rows("select from metalgap.checkpoints where reason ~ 'correction'")).toEqual([])
    await expectParity(world, 0)
  })

  test('changes the level that was told, and who was told hears it; the same level is corrected in silence', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`, { 'metals/silver.yaml': LEVELS })
    await gapAt(world, '10:01', 9)
    revise(world, '10:01', 6.5)
    await pollAt(world, '10:02')
    revise(world, '10:01', 6)
    await pollAt(world, '10:03')
    expect(await steps(world)).toEqual([
      'silver-gap 1 raised 9.0 critical first',
      'silver-gap 2 changed 6.5 warning correction',
      'silver-gap 3 changed 6.0 warning correction',
    ])
    expect(await typesTold(world)).toEqual(['breach.raised', 'breach.changed'])
    const [, changed] = await told(world)
    expect(changed?.message.data).toMatchObject({
      severity: 'warning',
      raise: '5.50',
      previous: { value: expect.stringMatching(/^9\.0/) },
    })
    expect(
      await world.rows('select state, severity, round(peak, 1)::text as peak from metalgap.breaches'),
    ).toEqual([{ state: 'raised', severity: 'warning', peak: '6.0' }])
    await gapAt(world, '10:04', 4)
    expect((await steps(world)).at(-1)).toBe('silver-gap 4 cleared 4.0 warning cleared')
    await expectParity(world, 4)
  })

  test('ends with a word to everybody who was told, and with the number that was told', async () => {
    const routed = `channels: { terminal: { kind: console }, desk: { kind: console } }
operators: [terminal]
routes: [{ match: { severity: critical }, notify: [desk] }]
`
    await using world = await openWorld(`${DAY}T10:00:00Z`, {
      'metals/silver.yaml': LEVELS,
      'channels.yaml': routed,
    })
    await gapAt(world, '10:01', 9)
    for (const [minute, gap] of [6.5, 6].entries()) {
      revise(world, '10:01', gap)
      await pollAt(world, `10:0${2 + minute}`)
    }
    await gapAt(world, '10:04', 4)
    const rows = await world.rows<Record<string, string>>(
      `select channel, type, round((message->'data'->'previous'->>'value')::numeric, 1)::text as previous
       from metalgap.deliveries where channel = 'desk' order by sequence`,
    )
    expect(rows).toEqual([
      { channel: 'desk', type: 'breach.raised', previous: null },
      { channel: 'desk', type: 'breach.changed', previous: '9.0' },
      { channel: 'desk', type: 'breach.cleared', previous: '6.5' },
    ])
  })

  test('within a hold of minutes folds the hold again, across restarts at every point', async () => {
    const held = { 'metals/silver.yaml': SILVER.replace('    severity:', '    for: 5m\n    severity:') }
    await using world = await openWorld(`${DAY}T10:00:00Z`, held)
    const minutes = async (from: number, to: number, gap: number) => {
      for (let minute = from; minute <= to; minute++) {
        await gapAt(world, `10:${String(minute).padStart(2, '0')}`, gap)
        await world.restart({})
      }
    }
    await minutes(1, 6, 6)
    await goBack(world, '10:03', 4, '10:07')
    await world.restart({})
    await minutes(8, 9, 6)
    expect(await steps(world)).toEqual([
      'silver-gap 1 raised 6.0 warning first',
      'silver-gap 2 retracted 4.0 warning correction',
      'silver-gap 1 raised 6.0 warning first',
    ])
    expect(await world.rows('select began_at::text from metalgap.breaches order by raised_at')).toEqual([
      { began_at: expect.stringContaining('10:01') },
      { began_at: expect.stringContaining('10:04') },
    ])
    await expectParity(world, 3)
  })

  test('breaks a hold that had not been met, so that nothing is raised', async () => {
    const held = { 'metals/silver.yaml': SILVER.replace('    severity:', '    for: 2m\n    severity:') }
    await using world = await openWorld(`${DAY}T10:00:00Z`, held)
    await gapAt(world, '10:01', 6)
    await gapAt(world, '10:02', 6)
    revise(world, '10:02', 4)
    await pollAt(world, '10:02:30')
    await gapAt(world, '10:03', 6)
    await gapAt(world, '10:04', 6)
    expect(await steps(world)).toEqual([])
    await gapAt(world, '10:05', 6)
    expect(await steps(world)).toEqual(['silver-gap 1 raised 6.0 warning first'])
    await expectParity(world, 1)
  })

  test('raises nothing by itself; the next observation does', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`)
    await gapAt(world, '10:01', 4)
    revise(world, '10:01', 6)
    await pollAt(world, '10:02')
    expect(await steps(world)).toEqual([])
    await gapAt(world, '10:03', 6)
    expect(await steps(world)).toEqual(['silver-gap 1 raised 6.0 warning first'])
    await expectParity(world, 1)
  })

  test('corrects the windows of measures over history, and what was raised on them', async () => {
    const change = rules(`rules:
  silver-jump: { pair: silver-live, measure: { change: as_quoted_usd, over: 1h }, direction: above, raise: 3.00, clear: 1.00, severity: warning, notify: [terminal] }
`)
    await using world = await openWorld(`${DAY}T10:00:00Z`, { 'metals/silver.yaml': change })
    await gapAt(world, '10:01', 2)
    await gapAt(world, '11:01', 6)
    await goBack(world, '10:01', 5, '11:02')
    expect(await steps(world)).toEqual([
      'silver-jump 1 raised 4.0 warning first',
      'silver-jump 2 retracted 1.0 warning correction',
    ])
    await gapAt(world, '11:03', 7)
    expect(await steps(world)).toHaveLength(2)
    await expectParity(world, 2)
  })

  test('takes back every alert that stood on it, and only those', async () => {
    const several = `${SILVER}  other: { pair: silver-live, measure: as_quoted_pct, direction: above, raise: 25, clear: 20, severity: info, notify: [terminal] }
  near: { pair: silver-live, measure: as_quoted_usd, direction: above, raise: 4.00, clear: 3.00, severity: info, notify: [terminal] }
`
    await using world = await openWorld(`${DAY}T10:00:00Z`, { 'metals/silver.yaml': several })
    await gapAt(world, '10:01', 9)
    revise(world, '10:01', 4.5)
    await pollAt(world, '10:02')
    expect((await steps(world)).slice(3)).toEqual([
      'near 2 changed 4.5 info correction',
      'other 2 retracted 15.0 info correction',
      'silver-gap 2 retracted 4.5 warning correction',
    ])
    expect((await typesTold(world)).slice(3)).toEqual(['breach.retracted', 'breach.retracted'])
    await expectParity(world, 6)
  })

  test('is folded once by replicas that race', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`)
    await gapAt(world, '10:01', 6)
    revise(world, '10:01', 4)
    world.clock.set(new Date(`${DAY}T10:02:00Z`))
    const evaluating = () => evaluate(world.context, 'silver-live')
    await Promise.all([world.poll('sina'), evaluating(), world.poll('sina'), evaluating()])
    expect(await typesTold(world)).toEqual(['breach.raised', 'breach.retracted'])
    expect(await world.rows("select from metalgap.premiums where standing = 'correction'")).toHaveLength(1)
    await expectParity(world, 2)
  })

  test('reaches a pair that was left behind when it catches up', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`)
    await gapAt(world, '10:01', 6)
    await world.rows("update metalgap.pairs set last_error = 'the engine failed'")
    revise(world, '10:01', 4)
    await pollAt(world, '10:02')
    expect(await steps(world)).toHaveLength(1)
    await evaluate(world.context, 'silver-live')
    expect((await steps(world))[1]).toBe('silver-gap 2 retracted 4.0 warning correction')
    await expectParity(world, 0)
  })

  test('is told through a silence to whom its alert was told, and to nobody else', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`)
    await gapAt(world, '10:01', 6)
    await world.rows("update metalgap.deliveries set state = 'delivered'")
    const wanted = { pair: null, rule: 'silver-gap', metal: null, severity: null, until_cleared: false }
    const until = new Date(`${DAY}T12:00:00Z`)
    await addSilence(world.context, { ...wanted, until, who: 'ops', reason: 'known' })
    revise(world, '10:01', 4)
    await pollAt(world, '10:02')
    await gapAt(world, '10:03', 7)
    revise(world, '10:03', 4)
    await pollAt(world, '10:04')
    expect(
      (await world.rows('select type, state from metalgap.deliveries order by created_at, sequence')).map(
        ({ type, state }) => `${type} ${state}`,
      ),
    ).toEqual([
      'breach.raised delivered',
      'breach.retracted pending',
      'breach.raised silenced',
      'breach.retracted silenced',
    ])
  })

  test('is explained: the breach shows the step, its number and the premium that it stands on', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`)
    await gapAt(world, '10:01', 6)
    revise(world, '10:01', 4)
    await pollAt(world, '10:02')
    const [{ breach_id = '' } = {}] = await world.rows('select breach_id from metalgap.breaches')
    const explained = await explainBreach(world.database, breach_id)
    if (explained === null) throw new Error('no breach')
    const text = breachText(explained).join('\n')
    expect(text).toMatch(/silver-gap on silver-live, retracted, warning/)
    expect(text).toMatch(/RETRACTED 2026-03-02 10:02/)
    expect(text).toMatch(
      /STEP 2 {4}retracted \(correction\) .*, warning, at 4\.0000\d\d USD\/oz; premium 2: east/,
    )
  })

  test('is counted by what it led to', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`)
    await gapAt(world, '10:01', 6)
    revise(world, '10:01', 4)
    await pollAt(world, '10:02')
    const { corrections, breaches } = await figures(world.database)
    expect(corrections).toEqual([
      { kind: 'changed', count: 0 },
      { kind: 'cleared', count: 0 },
      { kind: 'retracted', count: 1 },
    ])
    expect(breaches.every(({ count }) => count === 0)).toBe(true)
  })

  test('is part of what the nightly check tells again, wherever it begins', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`)
    await gapAt(world, '10:01', 6)
    expect(await verifyNightly(world.context)).toMatchObject([{ transitions: 1, differences: [] }])
    await gapAt(world, '10:02', 7)
    await goBack(world, '10:01', 4, '10:03')
    await gapAt(world, '10:04', 4)
    expect(await verifyNightly(world.context)).toMatchObject([{ differences: [] }])
    await world.rows("update metalgap.transitions set value = 1 where kind = 'changed'")
    const [again] = await verifyAll(world.context)
    expect(again?.differences).toHaveLength(1)
  })
})

describe('A date whose price is corrected', () => {
  const DAILY = `${SILVER.slice(0, SILVER.indexOf('pairs:'))}
pairs:
  silver-daily:
    east: { series: sge-benchmark/shag-pm, max_age: 5d }
    west: { series: lbma/silver, max_age: 5d }
    fx: { series: ecb/usdcny, max_age: 5d }
    plausible_premium: [-50%, 100%]
    align: date
rules:
  silver-daily-gap: { pair: silver-daily, measure: as_quoted_usd, direction: above, raise: 5.50, clear: 5.00, severity: warning, notify: [terminal] }
`
  const day = (world: World, date: string, gap: number) => {
    const at = (time: string) => Date.parse(`${date}T${time}Z`)
    world.prices.push(
      { series: 'sge-benchmark/shag-pm', at: at('06:30'), price: (Number(eastOf(gap)) * 1).toFixed(2) },
      { series: 'lbma/silver', at: at('12:00'), price: '30.00' },
      { series: 'ecb/usdcny', at: at('15:00'), price: '7.0000' },
    )
  }
  const pollAll = async (world: World) => {
    world.clock.step(600_000)
    await world.poll('ecb', 'lbma', 'sge-benchmark')
  }

  test('takes its alert back as well', async () => {
    await using world = await openWorld('2026-01-28T20:00:00Z', { 'metals/silver.yaml': DAILY })
    day(world, '2026-01-28', 4)
    await pollAll(world)
    world.clock.set(new Date('2026-01-29T20:00:00Z'))
    day(world, '2026-01-29', 6)
    await pollAll(world)
    expect(await steps(world)).toEqual(['silver-daily-gap 1 raised 6.0 warning first'])
    const row = world.prices.find(
      ({ series, at }) => series === 'sge-benchmark/shag-pm' && at > Date.parse('2026-01-29'),
    )
    if (row !== undefined) row.price = Number(eastOf(4.8)).toFixed(2)
    await pollAll(world)
    expect((await steps(world)).slice(1)).toEqual(['silver-daily-gap 2 retracted 4.8 warning correction'])
    await expectParity(world, 2)
  })
})

const DELAYED = (east: string) => SILVER.replace('{ series: sina/ag-td, max_age: 45m }', east)
const quoteDelayed = (world: World, time: string, gap: number) =>
  world.prices.push({
    ...{ series: 'sge-delayed/ag-td', price: eastOf(gap) },
    ...{ at: Date.parse(`${DAY}T${time}:00Z`), known_at: Date.parse(`${DAY}T${time}:00Z`) },
  })
const premiumRows = async (world: World) =>
  (
    await world.rows<Record<string, string>>(
      `select east.series, round(as_quoted_usd, 1)::text as gap, standing, superseded_at is null as stands
       from metalgap.premiums p join metalgap.ticks east on east.tick_id = p.east_tick_id order by premium_id`,
    )
  ).map(
    ({ series, gap, standing, stands }) => `${series} ${gap} ${standing} ${stands ? 'stands' : 'superseded'}`,
  )

describe('A pair with several sources', () => {
  const LIST = '[{ series: sge-delayed/ag-td, max_age: 45m }, { series: sina/ag-td, max_age: 45m }]'

  test('tells two of them apart that have a price of the same time', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`, { 'metals/silver.yaml': DELAYED(LIST) })
    await gapAt(world, '10:01', 4)
    quoteDelayed(world, '10:01', 4.2)
    await pollAt(world, '10:02', 'sge-delayed')
    revise(world, '10:01', 4.5)
    await pollAt(world, '10:03')
    expect(await premiumRows(world)).toEqual([
      'sina/ag-td 4.0 observation superseded',
      'sge-delayed/ag-td 4.2 observation stands',
      'sina/ag-td 4.5 correction stands',
    ])
    await expectParity(world, 0)
  })

  test('takes an alert back that one of them raised, whatever the other says of the same time', async () => {
    await using world = await openWorld(`${DAY}T10:00:00Z`, { 'metals/silver.yaml': DELAYED(LIST) })
    await gapAt(world, '10:00', 4)
    await gapAt(world, '10:01', 6)
    quoteDelayed(world, '10:01', 5.2)
    await pollAt(world, '10:02', 'sge-delayed')
    revise(world, '10:01', 4.5)
    await pollAt(world, '10:03')
    expect(await steps(world)).toEqual([
      'silver-gap 1 raised 6.0 warning first',
      'silver-gap 2 retracted 4.5 warning correction',
    ])
    await expectParity(world, 2)
  })
})

test('A rate from before a weekend that is corrected corrects the first premium of Monday that used it', async () => {
  await using world = await openWorld('2026-02-27T08:00:00Z', {
    'metals/silver.yaml': DELAYED('{ series: sge-delayed/ag-td, max_age: 45m }'),
  })
  quote(world, '08:00', { 'sina/usdcny': '7.0000' })
  await pollAt(world, '08:00')
  world.clock.set(new Date(`${DAY}T09:00:00Z`))
  quote(world, '09:10', { 'sina/xag': '30.00' })
  quoteDelayed(world, '09:10', 4)
  await pollAt(world, '09:12')
  quote(world, '09:19', { 'sina/usdcny': '7.0000', 'sina/xag': '30.00' })
  await pollAt(world, '09:20', 'sina', 'sge-delayed')
  const friday = world.prices[0] as (typeof world.prices)[number]
  friday.price = '6.9500'
  const newer = world.prices.filter((price) => price.series === friday.series && price !== friday)
  for (const price of newer) world.prices.splice(world.prices.indexOf(price), 1)
  await pollAt(world, '09:21')
  expect(
    await world.rows(
      'select usdcny::text, standing, superseded_at is null as stands from metalgap.premiums order by 1',
    ),
  ).toEqual([
    { usdcny: '6.95', standing: 'correction', stands: true },
    { usdcny: '7', standing: 'observation', stands: false },
  ])
  await expectParity(world, 0)
})
