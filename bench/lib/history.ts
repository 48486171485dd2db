/** A database with a pair of a minute's prices and five rules. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { openContext } from '../../src/context.ts'
import type { Tick } from '../../src/engine/model.ts'
import { openLog } from '../../src/log.ts'
import { newBatch, type StagedPrice } from '../../src/store/batch.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openStaging } from '../../src/store/staging.ts'

export const BEGIN = Date.UTC(2025, 0)
export const MINUTE = 60_000
export const RATE = 7
const OUNCES_PER_KG = 1000 / 31.1034768
const SERIES = ['sina/ag-td', 'sina/xag', 'sina/usdcny'] as const

/** The bounds of the five rules, with their holds in minutes. */
export const BOUNDS = [0, 1, 2, 3, 4].map((i) => ({ raise: 5.5 + i / 2, clear: 5 + i / 2, hold: i * 2 }))

/** The gap of a minute in USD an ounce: waves of days and of hours, and a little noise. */
export function gapAt(i: number): number {
  const noise = ((i * 7919) % 1000) / 1000 - 0.5
  return round4(4 + 2 * Math.sin(i / 5000) + Math.sin(i / 170) + noise / 4)
}

/** East, west and rate of a minute, seen a few seconds later. */
export function legsAt(i: number): [Tick, Tick, Tick] {
  const at = BEGIN + i * MINUTE
  const prices = [round4((30 + gapAt(i)) * RATE * OUNCES_PER_KG), 30, RATE]
  return SERIES.map((series, leg): Tick => {
    const tick_id = i * 3 + leg + 1
    return {
      tick_id,
      series,
      at,
      seen_at: at + 3000,
      price: prices[leg] as number,
      revision: 1,
      quarantined: null,
    }
  }) as [Tick, Tick, Tick]
}

export interface History extends AsyncDisposable {
  url: string
  /** folder */
  config: string
}

export async function openHistory(folder: string): Promise<History> {
  const config = join(folder, 'config')
  mkdirSync(join(config, 'metals'), { recursive: true })
  writeFileSync(join(config, 'channels.yaml'), 'channels: { terminal: { kind: console } }\n')
  writeFileSync(join(config, 'feeds.yaml'), FEEDS)
  writeFileSync(join(config, 'metals', 'silver.yaml'), silver())
  const log = openLog('warn', false)
  const embedded = await openEmbedded({ data: join(folder, 'data'), log })
  await migrate(embedded.url)
  await using database = openDatabase(embedded.url)
  const parts = { config: await readConfig(config, {}, new Date()), database, log, now: () => new Date() }
  await openContext({ ...parts, life: new AbortController().signal })
  return { url: embedded.url, config, [Symbol.asyncDispose]: () => embedded.stop() }
}

/** Stores so many minutes, as an import would. */
export async function fillHistory(url: string, minutes: number): Promise<void> {
  await using staging = await openStaging(url)
  const batch = newBatch()
  for (let from = 0; from < minutes; from += 20_000) {
    batch.clear()
    for (let i = from; i < Math.min(from + 20_000, minutes); i++)
      for (const tick of legsAt(i)) batch.add(staged(tick))
    await staging.load(batch, new Date(0))
  }
  await using database = openDatabase(url)
  await database.query('vacuum analyze metalgap.ticks')
}

function staged({ series, at, seen_at, price }: Tick): StagedPrice {
  return {
    series,
    at,
    seen_at,
    is_known: true,
    price: String(price),
    bid: null,
    ask: null,
    quarantined: null,
  }
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

const FEEDS = 'feeds: { sina: { series: { ag-td: { calendar: always }, xag: { calendar: always } } } }\n'

function silver(): string {
  const rules = BOUNDS.map(
    ({ raise, clear, hold }, i) =>
      `  rule-${i}: { pair: bench, measure: as_quoted_usd, direction: above, raise: ${raise}, clear: ${clear}, for: ${hold}m, clear_for: 10m, severity: info, notify: [terminal] }`,
  )
  return `metal: silver
title: Silver
unit: oz
tax: { china_vat: [{ from: 2019-04-01, rate: 0.13 }] }
pairs:
  bench:
    east: { series: sina/ag-td, max_age: 45m }
    west: { series: sina/xag, max_age: 5m }
    fx: { series: sina/usdcny, max_age: 30m }
    max_skew: 5m
    plausible_premium: [-50%, 100%]
rules:
${rules.join('\n')}
`
}
