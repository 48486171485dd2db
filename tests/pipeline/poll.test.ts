import { expect, test } from 'vitest'
import { evaluate } from '../../src/pipeline.ts'
import { CALM, DAY, WIDE } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER } from '../world.ts'
import { startDestination } from './destination.ts'

test('one poll of three series keeps three ticks and one premium that names them', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  const prices = await world.rows(
    'select series, price::text, currency, unit, revision::text from reporting.prices order by series',
  )
  expect(prices).toEqual([
    { series: 'sina/ag-td', price: '7000.00', currency: 'CNY', unit: 'kg', revision: '1' },
    { series: 'sina/usdcny', price: '7.0000', currency: 'CNY', unit: null, revision: '1' },
    { series: 'sina/xag', price: '30.00', currency: 'USD', unit: 'oz', revision: '1' },
  ])
  const [premium] = await world.rows(
    'select as_quoted_usd::text, ex_tax_usd::text, east_usd::text from reporting.premiums',
  )
  // 7000 x 0.0311034768 / 7 = 31.1034768
  expect(premium).toEqual({ as_quoted_usd: '1.103477', ex_tax_usd: '-2.474799', east_usd: '31.103477' })
})

test('the same page again is kept as unchanged, without its body, and is no news', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  await pollAt(world, '02:00:10')
  expect(
    await world.rows('select outcome, body is null as bare from metalgap.fetches order by fetch_id'),
  ).toEqual([
    { outcome: 'changed', bare: false },
    { outcome: 'unchanged', bare: true },
  ])
  expect(await world.rows('select from metalgap.ticks')).toHaveLength(3)
  expect(await world.rows('select from metalgap.premiums')).toHaveLength(1)
})

test('a slot is stored once, whoever polls it again', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  quote(world, '02:00:03', WIDE)
  await world.poll('sina')
  expect(await world.rows('select from metalgap.fetches')).toHaveLength(1)
})

test('a gap past the bound raises a breach with its delivery, and one back inside clears it', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  quote(world, '02:01', WIDE)
  await pollAt(world, '02:01:05')
  expect(
    await world.rows('select state, severity, value::text, raise, clear from reporting.breaches'),
  ).toEqual([{ state: 'raised', severity: 'warning', value: '5.991166', raise: '5.50', clear: '5.00' }])
  quote(world, '02:02', CALM)
  await pollAt(world, '02:02:05')
  const told = await world.rows(
    'select type, sequence::text, channel, state from reporting.deliveries order by sequence',
  )
  expect(told).toEqual([
    { type: 'breach.raised', sequence: '1', channel: 'terminal', state: 'pending' },
    { type: 'breach.cleared', sequence: '2', channel: 'terminal', state: 'pending' },
  ])
  expect(await world.rows('select state from reporting.breaches')).toEqual([{ state: 'cleared' }])
})

test('a page that is not understood is kept with its body and yields no tick', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  world.exchanges.faults.set('sina', 'waf')
  await pollAt(world, '02:00:05')
  const [fetch] = await world.rows('select outcome, body is not null as kept, error from metalgap.fetches')
  expect(fetch).toMatchObject({ outcome: 'not_understood', kept: true })
  expect(await world.rows('select from metalgap.ticks')).toEqual([])
  expect(
    await world.rows("select state, failures_in_row::text from metalgap.feeds where feed = 'sina'"),
  ).toEqual([{ state: 'ok', failures_in_row: '1' }])
})

test('what is quoted of a page that is wrong is kept short', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', { ...CALM, 'sina/ag-td': '1'.repeat(5_000) })
  await pollAt(world, '02:00:05')
  const [feed] = await world.rows("select last_error from reporting.feed_health where feed = 'sina'")
  expect(feed?.['last_error']).toMatch(/^ag-td: field 0 is "1{400,500}…$/)
})

test('a leg that says a thousand times more is quarantined however often it repeats itself', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  for (const minute of ['02:01', '02:02', '02:03', '02:04']) {
    quote(world, minute, { ...CALM, 'sina/ag-td': '7000000.00' })
    await pollAt(world, `${minute}:05`)
  }
  expect(await world.rows('select from reporting.price_revisions where quarantined')).toHaveLength(4)
  expect(await world.rows('select comparability from reporting.premiums_latest')).toEqual([
    { comparability: 'implausible' },
  ])
  expect(await world.rows('select from metalgap.breaches')).toEqual([])
  quote(world, '02:05', CALM)
  await pollAt(world, '02:05:05')
  expect(await world.rows('select state from reporting.comparability where until is null')).toEqual([
    { state: 'comparable' },
  ])
})

test('a first price in the wrong unit is quarantined, and the right one that follows is believed', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', { ...CALM, 'sina/ag-td': '7000000.00' })
  await pollAt(world, '02:00:05')
  expect(await world.rows('select from reporting.premiums')).toEqual([])
  quote(world, '02:01', CALM)
  await pollAt(world, '02:01:05')
  expect(await world.rows('select as_quoted_usd::text from reporting.premiums')).toEqual([
    { as_quoted_usd: '1.103477' },
  ])
})

test('a jump that three polls in a row repeat is believed at the third', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  for (const minute of ['02:01', '02:02', '02:03']) {
    quote(world, minute, { ...CALM, 'sina/ag-td': '9500.00' })
    await pollAt(world, `${minute}:05`)
  }
  const revisions = await world.rows(
    "select quarantined::text from reporting.price_revisions where series = 'sina/ag-td' order by time",
  )
  expect(revisions.map((row) => row['quarantined'])).toEqual(['false', 'true', 'true', 'false'])
})

test('time alone makes a pair stale at the instant that was known before, and nothing is cleared', async () => {
  await using world = await openWorld(DAY)
  quote(world, '02:00', WIDE)
  await pollAt(world, '02:00:05')
  world.clock.step(3_600_000)
  await evaluate(world.context, 'silver-live')
  const intervals = await world.rows(
    'select state, reason, time, until from reporting.comparability order by time',
  )
  expect(intervals).toMatchObject([
    { state: 'comparable', until: new Date('2026-03-02T02:05:00Z') },
    { state: 'stale', time: new Date('2026-03-02T02:05:00Z'), until: new Date('2026-03-02T02:45:00Z') },
    { state: 'stale', reason: 'east stale: just over 45 min old, 45 min allowed', until: null },
  ])
  expect(await world.rows('select state from reporting.breaches')).toEqual([{ state: 'raised' }])
})

test('a rule that gets another name ends under the old one and begins under the new one; a hold that ran begins anew', async () => {
  const named = (name: string, held = '') =>
    SILVER.replace('silver-gap', name).replace('notify:', `${held}notify:`)
  const held = 'for: 2m\n    '
  await using world = await openWorld('2026-03-02T00:00:00Z', { 'metals/silver.yaml': named('old') })
  const gap = async (minute: string) => {
    quote(world, minute, { 'sina/ag-td': '8100.00', 'sina/xag': '30.00', 'sina/usdcny': '7.0000' })
    await pollAt(world, `${minute}:05`)
  }
  await gap('02:00')
  await world.restart({ 'metals/silver.yaml': named('new') })
  await gap('02:01')
  await world.restart({ 'metals/silver.yaml': named('slow', held) })
  for (const minute of ['02:02', '02:03']) await gap(minute)
  await world.restart({ 'metals/silver.yaml': named('slow', held).replace('5.50', '5.60') })
  for (const minute of ['02:04', '02:05', '02:06']) await gap(minute)
  const steps = await world.rows<Record<string, string>>(
    `select to_char(t.time at time zone 'UTC', 'MI') as minute, rule, kind, reason from reporting.transitions t
     join reporting.breaches using (breach_id) order by t.time, kind`,
  )
  expect(steps.map(({ minute, rule, kind, reason }) => `${minute} ${rule} ${kind} ${reason}`)).toEqual([
    '00 old raised first',
    '01 new raised on-start',
    '01 old cleared rule-removed',
    '02 new cleared rule-removed',
    '06 slow raised on-start',
  ])
})

test('two replicas that poll and evaluate at once write each transition once', async () => {
  await using world = await openWorld(DAY)
  for (let minute = 0; minute < 10; minute++) {
    const time = `02:0${minute}`
    quote(world, time, minute % 2 === 0 ? WIDE : CALM)
    world.clock.set(new Date(`2026-03-02T${time}:05Z`))
    await Promise.all([
      world.poll('sina'),
      world.poll('sina'),
      evaluate(world.context, 'silver-live'),
      evaluate(world.context, 'silver-live'),
    ])
  }
  const kinds = await world.rows('select kind from reporting.transitions order by time, sequence')
  expect(kinds.map((row) => row['kind'])).toEqual(
    Array.from({ length: 10 }, (_, minute) => (minute % 2 === 0 ? 'raised' : 'cleared')),
  )
})

test.for([
  ['half a character', `${'x'.repeat(79)}\u{1f6a7}`],
  ['a NUL', 'x\0x'],
])('a page whose title holds %s is kept as not understood', async ([, title]) => {
  await using source = await startDestination()
  source.react({ status: 200, body: `<html><title>${title}</title>` })
  await using world = await openWorld(DAY, {
    'metals/silver.yaml': SILVER.replace('sina/usdcny', 'cfets/usdcny-spot'),
    'feeds.yaml': `feeds: { cfets: { base_url: '${new URL(source.url).origin}' } }\n`,
  })
  await pollAt(world, '02:00:05', 'cfets')
  expect(await world.rows('select outcome from metalgap.fetches')).toEqual([{ outcome: 'not_understood' }])
  const [feed] = await world.rows("select last_error from metalgap.feeds where feed = 'cfets'")
  expect(feed?.['last_error']).toContain('titled "x')
})
