import { expect, test } from 'vitest'
import { openWorld, pollAt, quote, SILVER } from '../world.ts'

const LEVELS = SILVER.replace(
  'notify: [terminal]',
  'levels: [{ severity: critical, raise: 8.00, clear: 7.00 }]\n    notify: [terminal, bot]',
)
const CHANNELS = `
channels:
  terminal: { kind: console }
  bot: { kind: slack-bot, token: xoxb-0-invented, channel: C0 }
operators: [terminal]
`

test('that a breach eased goes only where a message can be changed, unless the rule announces it', async () => {
  for (const [announce, expected] of [
    ['', ['bot']],
    ['announce_eased: true\n    ', ['bot', 'terminal']],
  ] as const) {
    const metal = LEVELS.replace('severity: warning', `${announce}severity: warning`)
    await using world = await openWorld('2026-01-29T03:00:00Z', {
      'metals/silver.yaml': metal,
      'channels.yaml': CHANNELS,
    })
    for (const [time, west] of [
      ['03:00', '43.00'],
      ['03:10', '36.00'],
      ['03:20', '38.00'],
    ] as const) {
      quote(world, time, { 'sina/ag-td': '10000', 'sina/xag': west, 'sina/usdcny': '7' })
      await pollAt(world, time)
    }
    const told = await world.rows<{ channel: string }>(
      `select channel from metalgap.deliveries where type = 'breach.eased' order by channel`,
    )
    expect(told.map(({ channel }) => channel)).toEqual(expected)
  }
})
