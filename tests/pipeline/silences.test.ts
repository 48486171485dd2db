/** What is written and not sent, why, and how those hear of it in the end who would have. */
import { expect, test } from 'vitest'
import { evaluate } from '../../src/pipeline.ts'
import { holdPending } from '../../src/store/silenced.ts'
import { insertSilence, type Silence } from '../../src/store/silences.ts'
import { remindOfPolicy } from '../../src/sweep/policy-reminders.ts'
import { watchSilences } from '../../src/sweep/silences.ts'
import { acknowledgeBreach } from '../../src/telling/acknowledging.ts'
import { addSilence, liftSilence, type Wanted } from '../../src/telling/silencing.ts'
import { CALM, DAY, WIDE } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER, type World } from '../world.ts'

const WIDER = { ...CALM, 'sina/ag-td': '8900.00' }
const TWO_LEVELS = SILVER.replace(
  'notify:',
  'levels: [{ severity: critical, raise: 8.00, clear: 7.00 }]\n    notify:',
)

async function price(world: World, time: string, prices: Record<string, string>): Promise<void> {
  quote(world, time, prices)
  await pollAt(world, `${time}:05`)
}

const told = (world: World) =>
  world.rows(
    `select type, state, silenced from reporting.deliveries where type not like 'feed.%' order by time, sequence`,
  )

const wanted = (differing: Partial<Wanted> = {}): Wanted => ({
  ...{ pair: null, rule: 'silver-gap', metal: null, severity: null, who: 'ann', reason: 'we know' },
  ...{ until: new Date('2026-03-02T04:00:00Z'), until_cleared: false },
  ...differing,
})

async function silence(world: World, differing: Partial<Wanted> = {}) {
  world.clock.set(new Date('2026-03-02T02:00:00Z'))
  return addSilence(world.context, wanted(differing))
}

async function watchAt(world: World, time: string): Promise<void> {
  world.clock.set(new Date(`2026-03-02T${time}:00Z`))
  await watchSilences(world.context)
  await watchSilences(world.context)
}

test('what a silence keeps is written, names it and is counted; at its end one summary tells what is still raised', async () => {
  await using world = await openWorld(DAY)
  await silence(world)
  await price(world, '02:01', WIDE)
  await price(world, '02:02', CALM)
  await price(world, '02:03', WIDE)
  const kept = { state: 'silenced', silenced: 'silence 1 of ann: we know' }
  expect(await told(world)).toEqual([
    { type: 'breach.raised', ...kept },
    { type: 'breach.cleared', ...kept },
    { type: 'breach.raised', ...kept },
  ])
  expect(await world.rows('select silenced::int from reporting.silences')).toEqual([{ silenced: 3 }])
  await watchAt(world, '02:59')
  expect(await told(world)).toHaveLength(3)
  await watchAt(world, '03:00')
  await watchAt(world, '04:00')
  expect((await told(world)).slice(3)).toEqual([
    { type: 'silence.ending', state: 'pending', silenced: null },
    { type: 'silence.ended', state: 'pending', silenced: null },
  ])
  const [summary] = await world.rows<{ data: Record<string, unknown> }>(
    `select message -> 'data' as data from metalgap.deliveries where type = 'silence.ended'`,
  )
  expect(summary?.data).toMatchObject({
    why: 'ran out',
    silence: { silence_id: '1', about: 'rule silver-gap', who: 'ann' },
    breaches: [{ rule: 'silver-gap', value: '5.991166', unit: 'USD/oz', severity: 'warning' }],
  })
  await price(world, '04:01', CALM)
  expect((await told(world)).at(-1)).toEqual({ type: 'breach.cleared', state: 'pending', silenced: null })
})

test('a silence whose alerts are over at its end is not summed up', async () => {
  await using world = await openWorld(DAY)
  await silence(world)
  await price(world, '02:01', WIDE)
  await price(world, '02:02', CALM)
  await watchAt(world, '05:00')
  expect((await told(world)).map(({ type }) => type)).toEqual(['breach.raised', 'breach.cleared'])
  expect(await world.rows('select ended_by from reporting.silences')).toEqual([{ ended_by: 'ran out' }])
})

test.each([
  [{ pair: 'silver-live' }, { pair: 'silver-daily' }],
  [{ rule: 'silver-gap' }, { rule: 'silver-far' }],
  [{ metal: 'silver' }, { metal: 'gold' }],
  [{ severity: 'warning' }, { severity: 'critical' }],
  [
    { metal: 'silver', severity: 'warning' },
    { metal: 'silver', severity: 'critical' },
  ],
])('a silence of %o keeps what is that, waiting or new, and nothing else', async (that, other) => {
  const none = { pair: null, rule: null, metal: null, severity: null }
  await using world = await openWorld(DAY)
  for (const about of [other, that]) {
    await price(world, '02:01', WIDE)
    const silence = { ...wanted(), ...none, ...about, began_at: world.clock.now() }
    await insertSilence(world.database, { ...silence, until: new Date('2026-03-02T04:00:00Z') })
    const [written] = await world.rows<Silence>(
      'select * from metalgap.silences order by silence_id desc limit 1',
    )
    await holdPending(world.database, written as Silence, world.clock.now())
    expect((await told(world)).map(({ state }) => state)).toEqual([about === that ? 'silenced' : 'pending'])
  }
  await price(world, '02:02', CALM)
  await price(world, '02:03', WIDE)
  expect((await told(world)).map(({ state }) => state)).toEqual(['silenced', 'silenced', 'silenced'])
})

test('a silence of warnings lets what is critical through', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_LEVELS })
  await silence(world, { rule: null, severity: 'warning' })
  await price(world, '02:01', WIDE)
  await price(world, '02:02', WIDER)
  expect(await told(world)).toMatchObject([
    { type: 'breach.raised', state: 'silenced' },
    { type: 'breach.escalated', state: 'pending' },
  ])
})

test('a silence until cleared ends with the breach, and needs one', async () => {
  await using world = await openWorld(DAY)
  await expect(silence(world, { until: null, until_cleared: true })).rejects.toThrow(
    'Nothing of that is raised',
  )
  await price(world, '02:01', WIDE)
  await addSilence(world.context, wanted({ until: null, until_cleared: true }))
  await watchAt(world, '02:02')
  expect(await world.rows('select ended_by, until from reporting.silences')).toEqual([
    { ended_by: null, until: new Date('2026-04-01T02:01:05Z') },
  ])
  await price(world, '02:03', CALM)
  await watchAt(world, '02:04')
  expect(await world.rows('select ended_by from reporting.silences')).toEqual([{ ended_by: 'cleared' }])
  await price(world, '02:05', WIDE)
  expect((await told(world)).map(({ state }) => state)).toEqual(['silenced', 'silenced', 'pending'])
})

test('a silence of warnings until cleared holds while what it silenced has escalated', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_LEVELS })
  await price(world, '02:01', WIDE)
  const until = new Date('2026-03-02T06:00:00Z')
  await addSilence(world.context, wanted({ severity: 'warning', until, until_cleared: true }))
  await price(world, '02:02', WIDER)
  await watchAt(world, '02:03')
  expect(await world.rows('select ended_by from reporting.silences')).toEqual([{ ended_by: null }])
  await price(world, '02:04', { ...CALM, 'sina/ag-td': '7400.00' })
  await watchAt(world, '02:05')
  expect(await world.rows('select ended_by from reporting.silences')).toEqual([{ ended_by: 'cleared' }])
})

test('a silence of warnings until cleared runs out while what it silenced stays critical', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_LEVELS })
  await price(world, '02:01', WIDE)
  const until = new Date('2026-03-02T03:00:00Z')
  await addSilence(world.context, wanted({ severity: 'warning', until, until_cleared: true }))
  await price(world, '02:02', WIDER)
  await watchAt(world, '02:59')
  await watchAt(world, '03:00')
  expect(await world.rows('select ended_by from reporting.silences')).toEqual([{ ended_by: 'ran out' }])
})

test('a silence of warnings until cleared does not wait for what was critical before it began', async () => {
  const low = `  silver-far: { pair: silver-live, measure: as_quoted_usd, direction: above, raise: 9.00, clear: 8.80, severity: warning, notify: [terminal] }\n`
  await using world = await openWorld(DAY, { 'metals/silver.yaml': `${TWO_LEVELS}${low}` })
  await price(world, '02:01', WIDE)
  await price(world, '02:02', WIDER)
  await addSilence(world.context, wanted({ rule: null, severity: 'warning', until_cleared: true }))
  await watchAt(world, '02:03')
  expect(await world.rows('select ended_by from reporting.silences')).toEqual([{ ended_by: null }])
  await price(world, '02:04', { ...CALM, 'sina/ag-td': '8700.00' })
  await watchAt(world, '02:05')
  expect(await world.rows('select ended_by from reporting.silences')).toEqual([{ ended_by: 'cleared' }])
})

const sent = (world: World) =>
  world.rows(
    "update metalgap.deliveries set state = 'delivered', next_attempt_at = null where state = 'pending'",
  )

test('a silence holds what waits to be sent, but not the end of what was told', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_LEVELS })
  await price(world, '02:01', WIDE)
  await sent(world)
  await price(world, '02:02', WIDER)
  await price(world, '02:03', { ...CALM, 'sina/ag-td': '7400.00' })
  await addSilence(world.context, wanted())
  expect(await told(world)).toMatchObject([
    { type: 'breach.raised', state: 'delivered' },
    { type: 'breach.escalated', state: 'silenced', silenced: 'silence 1 of ann: we know' },
    { type: 'breach.cleared', state: 'pending' },
  ])
  await price(world, '02:04', WIDE)
  await price(world, '02:05', CALM)
  expect((await told(world)).slice(3)).toMatchObject([{ state: 'silenced' }, { state: 'silenced' }])
})

test('a silence lets the end through of what was told before it began, and nothing that it kept', async () => {
  await using world = await openWorld(DAY)
  await price(world, '02:01', WIDE)
  await sent(world)
  await addSilence(world.context, wanted())
  await price(world, '02:02', CALM)
  await price(world, '02:03', WIDE)
  await price(world, '02:04', CALM)
  expect((await told(world)).map(({ type, state }) => `${type} ${state}`)).toEqual([
    'breach.raised delivered',
    'breach.cleared pending',
    'breach.raised silenced',
    'breach.cleared silenced',
  ])
})

test('what a worker has in its hands, or may have sent, is not held by a silence', async () => {
  await using world = await openWorld(DAY)
  await price(world, '02:01', WIDE)
  await world.rows("update metalgap.deliveries set leased_until = '2026-03-02T02:03:00Z'")
  await addSilence(world.context, wanted())
  expect(await told(world)).toMatchObject([{ state: 'pending' }])
  await world.rows('update metalgap.deliveries set leased_until = null')
  await world.rows(
    "insert into metalgap.attempts (delivery_id, number, outcome) select delivery_id, 1, 'ambiguous' from metalgap.deliveries",
  )
  await addSilence(world.context, wanted())
  expect(await told(world)).toMatchObject([{ state: 'pending' }])
  await world.rows("update metalgap.attempts set outcome = 'retry'")
  await addSilence(world.context, wanted())
  expect(await told(world)).toMatchObject([{ state: 'silenced', silenced: 'silence 3 of ann: we know' }])
})

test('a mute window keeps the end of what was told before it, and lets it go when the window is over', async () => {
  const mute = "mute: [{ days: mon-sun, from: '02:00', to: '03:00', zone: UTC }]"
  await using world = await openWorld(DAY, {
    'metals/silver.yaml': SILVER.replace('notify:', `${mute}\n    notify:`),
  })
  await price(world, '01:59', WIDE)
  await sent(world)
  await price(world, '02:01', CALM)
  await watchAt(world, '02:30')
  expect((await told(world)).at(-1)).toMatchObject({ type: 'breach.cleared', state: 'silenced' })
  await watchAt(world, '03:00')
  expect((await told(world)).slice(1)).toEqual([{ type: 'breach.cleared', state: 'pending', silenced: null }])
})

test('a silence that somebody ends is summed up at once; another that still holds keeps its alerts quiet', async () => {
  await using world = await openWorld(DAY)
  await silence(world)
  await silence(world, { rule: null, metal: 'silver' })
  await price(world, '02:01', WIDE)
  await liftSilence(world.context, 1, 'bob')
  expect(await told(world)).toHaveLength(1)
  await liftSilence(world.context, 2, 'bob')
  expect((await told(world)).map(({ type }) => type)).toEqual(['breach.raised', 'silence.ended'])
  await expect(liftSilence(world.context, 2, 'bob')).rejects.toThrow('no silence 2 that holds')
})

test('a silence names what there is, and lasts 30 days at most', async () => {
  await using world = await openWorld(DAY)
  await expect(silence(world, { rule: 'silver-gsp' })).rejects.toThrow('did you mean "silver-gap"')
  await expect(silence(world, { rule: null })).rejects.toThrow('Say what to silence')
  await expect(silence(world, { until: new Date('2026-05-01T00:00:00Z') })).rejects.toThrow('30 days at most')
  await expect(silence(world, { until: new Date('2026-03-01T00:00:00Z') })).rejects.toThrow('is past')
})

test('a mute window of a rule or a channel keeps alerts quiet, and one summary follows it', async () => {
  const mute = "mute: [{ days: mon-sun, from: '02:00', to: '03:00', zone: UTC }]"
  await using world = await openWorld(DAY, {
    'metals/silver.yaml': SILVER.replace('notify: [terminal]', `notify: [terminal, night]\n    remind: 4h`),
    'channels.yaml': `channels: { terminal: { kind: console, ${mute} }, night: { kind: console } }\noperators: [night]\n`,
  })
  await price(world, '02:01', WIDE)
  await price(world, '02:02', CALM)
  await price(world, '02:03', WIDE)
  await watchAt(world, '02:30')
  const rows = () =>
    world.rows(
      `select channel, type, state, silenced from reporting.deliveries order by time, sequence, channel`,
    )
  expect((await rows()).filter(({ channel }) => channel === 'terminal')).toMatchObject(
    ['breach.raised', 'breach.cleared', 'breach.raised'].map((type) => ({
      ...{ type, state: 'silenced', silenced: 'mute window of channel terminal' },
    })),
  )
  expect((await rows()).filter(({ channel }) => channel === 'night')).toHaveLength(3)
  await watchAt(world, '03:00')
  expect((await rows()).slice(6)).toEqual([
    { channel: 'terminal', type: 'silence.ended', state: 'pending', silenced: null },
  ])
})

test('mute windows that follow on each other are one, whosever they are', async () => {
  const windows = (...ends: [string, string][]) =>
    `mute: [${ends.map(([from, to]) => `{ days: mon-sun, from: '${from}', to: '${to}', zone: UTC }`).join(', ')}]`
  await using world = await openWorld(DAY, {
    'metals/silver.yaml': SILVER.replace('notify:', `${windows(['04:00', '05:00'])}\n    notify:`),
    'channels.yaml': `channels: { terminal: { kind: console, ${windows(['02:00', '03:00'], ['03:00', '04:00'])} } }\noperators: [terminal]\n`,
  })
  await price(world, '01:59', WIDE)
  await price(world, '02:01', CALM)
  await price(world, '02:02', WIDE)
  for (const time of ['03:00', '04:00']) await watchAt(world, time)
  expect((await told(world)).map(({ state }) => state)).toEqual(['pending', 'silenced', 'silenced'])
  await watchAt(world, '05:00')
  expect((await told(world)).map(({ type, state }) => `${type} ${state}`).toSorted()).toEqual([
    'breach.cleared pending',
    'breach.raised pending',
    'breach.raised silenced',
    'silence.ended pending',
  ])
})

test('what a silence has kept that ends within a mute window is told at the end of the window', async () => {
  const mute = "mute: [{ days: mon-sun, from: '03:30', to: '05:00', zone: UTC }]"
  await using world = await openWorld(DAY, {
    'channels.yaml': `channels: { terminal: { kind: console, ${mute} } }\noperators: [terminal]\n`,
  })
  await silence(world)
  await price(world, '02:01', WIDE)
  for (const time of ['04:00', '04:30']) await watchAt(world, time)
  const types = async () => (await told(world)).map(({ type }) => type)
  expect(await types()).toEqual(['breach.raised'])
  await watchAt(world, '05:00')
  expect(await types()).toEqual(['breach.raised', 'silence.ended'])
  const [summary] = await world.rows(
    `select message -> 'data' ->> 'why' as why from metalgap.deliveries where type = 'silence.ended'`,
  )
  expect(summary).toEqual({ why: 'silence 1 of ann: we know is over' })
})

test('an acknowledgement stops reminders, and never what escalates', async () => {
  const texts = TWO_LEVELS.replace('notify:', 'remind: 1h\n    notify:').replace('max_age: 5m', 'max_age: 1d')
  await using world = await openWorld(DAY, {
    'metals/silver.yaml': texts.replaceAll(/max_age: \d+m/g, 'max_age: 1d'),
  })
  await price(world, '02:01', WIDE)
  const evaluateAt = async (time: string) => {
    world.clock.set(new Date(`2026-03-02T${time}:00Z`))
    await evaluate(world.context, 'silver-live')
    return (await told(world)).at(-1)
  }
  expect(await evaluateAt('03:02')).toEqual({ type: 'breach.reminder', state: 'pending', silenced: null })
  const [breach] = await world.rows<{ breach_id: string }>('select breach_id from reporting.breaches')
  const who = { breach_id: breach?.breach_id ?? '', who: 'ann', text: 'hedged', now: world.clock.now() }
  expect(await acknowledgeBreach(world.context.config, world.database, who)).toMatchObject({
    rule: 'silver-gap',
    acknowledged_at: null,
  })
  const kept = { type: 'breach.reminder', state: 'silenced', silenced: 'acknowledged by ann' }
  expect(await evaluateAt('04:03')).toEqual(kept)
  await price(world, '04:04', WIDER)
  expect((await told(world)).at(-1)).toMatchObject({ type: 'breach.escalated', state: 'pending' })
  expect(await world.rows('select acknowledged_by from reporting.breaches')).toEqual([
    { acknowledged_by: null },
  ])
  expect(await evaluateAt('05:05')).toMatchObject({ type: 'breach.reminder', state: 'pending' })
})

test('what silences of two severities have kept in turn is summed up by the last, whatever severity it has by then', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_LEVELS })
  for (const severity of ['warning', 'critical']) await silence(world, { rule: null, severity })
  await price(world, '02:01', WIDE)
  await price(world, '02:02', WIDER)
  await liftSilence(world.context, 1, 'bob')
  await price(world, '02:03', { ...CALM, 'sina/ag-td': '8200.00' })
  expect(await world.rows('select state, severity from reporting.breaches')).toEqual([
    { state: 'raised', severity: 'warning' },
  ])
  expect((await told(world)).map(({ state }) => state)).toEqual(['silenced', 'silenced'])
  await liftSilence(world.context, 2, 'bob')
  expect((await told(world)).slice(2)).toEqual([{ type: 'silence.ended', state: 'pending', silenced: null }])
})

test('what a silence kept and a later step has told is not summed up', async () => {
  await using world = await openWorld(DAY, { 'metals/silver.yaml': TWO_LEVELS })
  await silence(world, { rule: null, severity: 'warning' })
  await price(world, '02:01', WIDE)
  await price(world, '02:02', WIDER)
  await liftSilence(world.context, 1, 'bob')
  expect((await told(world)).map(({ type, state }) => `${type} ${state}`)).toEqual([
    'breach.raised silenced',
    'breach.escalated pending',
  ])
})

test.each([
  ['a silence', ''],
  ['a mute window', "mute: [{ days: mon-sun, from: '02:00', to: '02:30', zone: UTC }]\n    "],
])(
  'whoever heard of a breach by the summary of %s hears its end, whatever is silenced then',
  async (_, mute) => {
    await using world = await openWorld(DAY, {
      'metals/silver.yaml': SILVER.replace('notify:', `${mute}notify:`),
    })
    if (mute === '') await silence(world)
    await price(world, '02:01', WIDE)
    if (mute === '') await liftSilence(world.context, 1, 'bob')
    await watchAt(world, '02:30')
    await sent(world)
    await addSilence(world.context, wanted())
    await price(world, '02:31', CALM)
    expect((await told(world)).map(({ type, state }) => `${type} ${state}`)).toEqual([
      'breach.raised silenced',
      'silence.ended delivered',
      'breach.cleared pending',
    ])
    const covered = await world.rows(
      `select summary.type from reporting.deliveries kept join reporting.deliveries summary on summary.delivery_id = kept.covered_by`,
    )
    expect(covered).toEqual([{ type: 'silence.ended' }])
  },
)

test('what is acknowledged is not summed up after a mute window that held nothing but its reminders', async () => {
  const mute = "mute: [{ days: mon-sun, from: '02:30', to: '05:00', zone: UTC }]"
  await using world = await openWorld(DAY, {
    'metals/silver.yaml': SILVER.replace('notify:', 'remind: 1h\n    notify:').replaceAll(
      /max_age: \d+m/g,
      'max_age: 1d',
    ),
    'channels.yaml': `channels: { terminal: { kind: console, ${mute} } }\noperators: [terminal]\n`,
  })
  await price(world, '02:01', WIDE)
  const [breach] = await world.rows<{ breach_id: string }>('select breach_id from reporting.breaches')
  const who = { breach_id: breach?.breach_id ?? '', who: 'ann', text: null, now: world.clock.now() }
  await acknowledgeBreach(world.context.config, world.database, who)
  world.clock.set(new Date('2026-03-02T03:02:00Z'))
  await evaluate(world.context, 'silver-live')
  await watchAt(world, '05:00')
  expect(await told(world)).toEqual([
    { type: 'breach.raised', state: 'pending', silenced: null },
    { type: 'breach.reminder', state: 'silenced', silenced: 'acknowledged by ann' },
  ])
})

test('a silence lets the end through of what one poll raised, escalated and ended, where it kept only the middle', async () => {
  await using world = await openWorld('2026-01-20T20:00:00Z', {
    'metals/silver.yaml': `${SILVER.slice(0, SILVER.indexOf('pairs:'))}
pairs:
  silver-daily:
    east: { series: sge-benchmark/shag-pm, max_age: 5d }
    west: { series: lbma/silver, max_age: 5d }
    fx: { series: ecb/usdcny, max_age: 30d }
    align: date
rules:
  silver-gap:
    { pair: silver-daily, measure: as_quoted_pct, direction: above, raise: 10, clear: 8, notify: [terminal], levels: [{ severity: critical, raise: 15, clear: 12 }] }
`,
  })
  const day = (date: number, shanghai: string) =>
    world.prices.push(
      { series: 'sge-benchmark/shag-pm', at: Date.parse(`2026-01-${date}T06:30:00Z`), price: shanghai },
      { series: 'lbma/silver', at: Date.parse(`2026-01-${date}T12:00:00Z`), price: '30.00' },
    )
  world.prices.push({ series: 'ecb/usdcny', at: Date.parse('2026-01-20T15:00:00Z'), price: '7.0000' })
  day(20, '7000.00')
  await world.poll('ecb', 'sge-benchmark', 'lbma')
  await addSilence(world.context, wanted({ severity: 'critical', until: new Date('2026-01-29T00:00:00Z') }))
  world.clock.set(new Date('2026-01-23T20:00:00Z'))
  day(21, '7560.00')
  day(22, '7900.00')
  day(23, '7000.00')
  await world.poll('sge-benchmark', 'lbma')
  expect((await told(world)).map(({ type, state }) => `${type} ${state}`)).toEqual([
    'breach.raised pending',
    'breach.escalated silenced',
    'breach.cleared pending',
  ])
})

test('a date of policy is told ahead, each reminder once, the latest where several are due', async () => {
  const policy = `
events:
  - { date: 2026-04-01, title: A review, metals: [silver], source: a notice, verified: 2026-02-01, remind: [30d, 7d, 1d] }
  - { date: 2026-03-05, title: An end, metals: [silver], source: a notice, verified: 2026-02-01, remind: [30d, 7d, 1d] }
`
  await using world = await openWorld(DAY, { 'policy.yaml': policy })
  const days = async (date: string) => {
    world.clock.set(new Date(`${date}T06:00:00Z`))
    await remindOfPolicy(world.context)
    await remindOfPolicy(world.context)
    const rows = await world.rows<{ told: string }>(
      `select message #>> '{data,title}' || ' in ' || (message #>> '{data,days}') as told
       from metalgap.deliveries where type = 'policy.upcoming' order by created_at, 1`,
    )
    return rows.map((row) => row.told)
  }
  expect(await days('2026-03-02')).toEqual(['A review in 30', 'An end in 3'])
  expect(await days('2026-03-04')).toEqual(['A review in 30', 'An end in 3', 'An end in 1'])
  expect(await days('2026-03-06')).toHaveLength(3)
  expect((await days('2026-03-25')).at(-1)).toBe('A review in 7')
  expect((await days('2026-03-31')).at(-1)).toBe('A review in 1')
  expect(await days('2026-04-02')).toHaveLength(5)
})
