import type { Surroundings } from '../../src/config/resolve.ts'
import { ConfigError } from '../../src/config.ts'
import { configFrom } from '../config.ts'

export const SILVER = `metal: silver
title: Silver
unit: oz
pairs:
  live:
    east: { series: sge-delayed/ag-td, max_age: 45m }
    west: { series: sina/xag, max_age: 5m }
    fx: { series: sina/usdcny, max_age: 30m }
rules:
  gap:
    pair: live
    measure: as_quoted_usd
    direction: above
    raise: 5.50
    clear: 5.00
    notify: [terminal]
`
export const CHANNELS = `channels:
  terminal: { kind: console }
`

/** Silver with one piece of text replaced by another. */
export function silverWith(from: string, to: string): Record<string, string> {
  if (!SILVER.includes(from)) throw new Error(`the example has no ${from}`)
  return { 'metals/silver.yaml': SILVER.replace(from, to), 'channels.yaml': CHANNELS }
}

/** Silver with further files. */
export function silverAnd(files: Record<string, string>): Record<string, string> {
  return { 'metals/silver.yaml': SILVER, 'channels.yaml': CHANNELS, ...files }
}

/** What is told of a configuration, a line for each mistake; empty when it is good. */
export async function mistakesIn(
  texts: Record<string, string>,
  around: Partial<Surroundings> = {},
): Promise<string[]> {
  try {
    await configFrom(texts, around)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1)
    throw error
  }
}
