import { expect, test } from 'vitest'
import { unfinished } from '../../src/pipeline.ts'
import { recipients } from '../../src/telling/routing.ts'
import { configFrom } from '../config.ts'
import { CALM, DAY, WIDE } from '../prices.ts'
import { openWorld, pollAt, quote, SILVER, type World } from '../world.ts'

const ROUTED = `
channels: { terminal: { kind: console }, risk: { kind: console }, chief: { kind: console } }
routes:
  - { match: { metal: silver, severity: [warning, critical] }, notify: [risk, terminal] }
  - { match: { rule: silver-gap, severity: critical }, notify: [chief] }
  - { match: { pair: gold-live }, notify: [chief] }
`
const files = (routes: string, silver = SILVER) => ({
  'metals/silver.yaml': silver,
  'channels.yaml': routes,
})

test('a channel hears of a rule once, however many routes lead there, and each reason is named', async () => {
  const config = await configFrom(files(ROUTED.replace('gold-live', 'silver-live')))
  const rule = config.rules['silver-gap'] as (typeof config.rules)[string]
  expect(recipients(config, rule, 'critical')).toEqual([
    {
      channel: 'terminal',
      because: ['notify of rule silver-gap', 'route 1 (metal silver, severity warning or critical)'],
    },
    { channel: 'risk', because: ['route 1 (metal silver, severity warning or critical)'] },
    {
      channel: 'chief',
      because: ['route 2 (rule silver-gap, severity critical)', 'route 3 (pair silver-live)'],
    },
  ])
  expect(recipients(config, rule, 'info').map(({ channel }) => channel)).toEqual(['terminal', 'chief'])
})

test('names in a route that nothing bears are mistakes of the configuration', async () => {
  const wrong = ROUTED.replace('silver-gap', 'silver-gpa').replace('[chief]', '[cheif]')
  await expect(configFrom(files(wrong))).rejects.toThrow(
    /rule "silver-gpa"[\s\S]*silver-gap[\s\S]*channel "cheif"[\s\S]*chief[\s\S]*pair "gold-live"/,
  )
})

test('an escalation goes to whom its severity is routed as well', async () => {
  const levels = 'levels: [{ severity: critical, raise: 8.00, clear: 7.00 }]\n    notify: [terminal]'
  const silver = SILVER.replace('notify: [terminal]', levels)
  await using world = await openWorld(DAY, files(ROUTED.replace('gold-live', 'silver-live'), silver))
  await raise(world)
  quote(world, '02:02', { ...CALM, 'sina/ag-td': '8700.00' })
  await pollAt(world, '02:02:05')
  const told = await world.rows(
    `select type, string_agg(channel, ' ' order by channel) as channels from metalgap.deliveries group by type order by type`,
  )
  expect(told).toEqual([
    { type: 'breach.escalated', channels: 'chief risk terminal' },
    { type: 'breach.raised', channels: 'chief risk terminal' },
  ])
})

test('a rule in shadow mode writes what it would have sent, and sends nothing', async () => {
  const shadow = SILVER.replace('severity: warning', 'severity: warning\n    shadow: true')
  await using world = await openWorld(DAY, { 'metals/silver.yaml': shadow })
  await raise(world)
  expect(await world.rows('select type, channel, state from reporting.deliveries')).toEqual([
    { type: 'breach.raised', channel: 'terminal', state: 'shadow' },
  ])
  const [row] = await world.rows('select body from metalgap.deliveries')
  expect(row?.['body']).toMatch(/^WARNING silver/)
  world.clock.step(3_600_000)
  expect((await unfinished(world.context)).deliveries).toEqual([])
})

test('a rule that goes into the shadow while it is raised ends for whoever was told, and begins for them when it is back', async () => {
  const shadow = SILVER.replace('severity: warning', 'severity: warning\n    shadow: true')
  await using world = await openWorld(DAY)
  await raise(world)
  for (const [silver, minute] of [
    [shadow, '02:02'],
    [SILVER, '02:03'],
  ] as const) {
    await world.restart({ 'metals/silver.yaml': silver })
    quote(world, minute, WIDE)
    await pollAt(world, `${minute}:05`)
  }
  const told = await world.rows<Record<string, string>>(
    `select type, state, message #>> '{data,reason}' as reason from metalgap.deliveries order by created_at, sequence desc`,
  )
  expect(told.map(({ type, state, reason }) => `${type} ${state} ${reason}`)).toEqual([
    'breach.raised pending first',
    'breach.cleared pending rule-changed',
    'breach.raised shadow on-start',
    'breach.raised pending on-start',
  ])
})

async function raise(world: World): Promise<void> {
  quote(world, '02:00', CALM)
  await pollAt(world, '02:00:05')
  quote(world, '02:01', WIDE)
  await pollAt(world, '02:01:05')
}
