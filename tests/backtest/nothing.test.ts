import { expect, test } from 'vitest'
import { backtest } from '../../src/backtest/backtest.ts'
import { fileSource } from '../../src/backtest/files.ts'
import { reportJson } from '../../src/backtest/json.ts'
import { CHANNELS, configFrom } from '../config.ts'
import { RULES } from './history.ts'

test('a rule of a pair without prices has no alerts, and no months in which there were none', async () => {
  const config = await configFrom({ 'metals/silver.yaml': RULES, 'channels.yaml': CHANNELS })
  await using source = await fileSource(config, [], {}, { from: null, to: null }, Date.UTC(2026, 2, 2))
  const { pairs, rules } = JSON.parse(
    JSON.stringify(reportJson(await backtest(config, source, { rule: null, budget: 1 }))),
  )
  expect(pairs).toMatchObject([{ from: null, to: null, ticks: 0 }])
  expect(rules).toMatchObject([{ alerts: 0, alerts_per_month: 0, months: [], budget: null }])
})
