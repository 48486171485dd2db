/** One silver pair on three feeds, and one rule without a hold, so that every crossing of its bounds is told at once. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const FEEDS = ['sge-delayed', 'sina', 'cfets'] as const
/** the one of each that is asked for */
export const SERIES: Record<string, string> = { 'sge-delayed': 'ag-td', sina: 'xag', cfets: 'usdcny-spot' }
/** ends the path of webhooks that no figure counts */
export const NEWS = '/news'
export const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

export interface Wishes {
  exchanges: string
  /** where webhooks go */
  receiver: string
  /** cron; absent: the feeds' own */
  schedule?: string
  /** USD/oz; the invented prices swing between 4.40 and 5.60 */
  raise?: string
  clear?: string
}

/** Writes a configuration into FOLDER/config and answers with that path. */
export function writeConfiguration(folder: string, wishes: Wishes): string {
  const { receiver, raise = '5.50', clear = '4.50' } = wishes
  const config = join(folder, 'config')
  mkdirSync(join(config, 'metals'), { recursive: true })
  const files = {
    'metals/silver.yaml': silver('24h', [`silver-gap: { ${BENCH_RULE}, raise: ${raise}, clear: ${clear} }`]),
    'feeds.yaml': feeds(wishes),
    'channels.yaml': channels(receiver),
    'network.yaml': 'allow_private: [127.0.0.0/8]\n',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(config, name), text)
  return config
}

/** What operators are told goes elsewhere: it is no crossing. */
function channels(receiver: string): string {
  const webhook = (url: string) => `{ kind: webhook, url: "${url}", secrets: [${SECRET}] }`
  return `channels:
  risk: ${webhook(receiver)}
  news: ${webhook(`${receiver}${NEWS}`)}
operators: [news]
`
}

/** What all rules say beside their name and bounds. */
export const BENCH_RULE =
  'pair: silver-bench, measure: as_quoted_usd, direction: above, severity: warning, notify: [risk]'

/** The one pair; `max_age` is that of every leg, a rule is a line. */
export function silver(max_age: string, rules: readonly string[]): string {
  return `metal: silver
title: Silver
unit: oz
tax: { china_vat: [{ from: 2019-04-01, rate: 0.13 }] }
pairs:
  silver-bench:
    east: { series: sge-delayed/ag-td, max_age: ${max_age} }
    west: { series: sina/xag, max_age: ${max_age} }
    fx: { series: cfets/usdcny-spot, max_age: ${max_age} }
    max_skew: 24h
    plausible_premium: [-50%, 100%]
rules:
${rules.map((rule) => `  ${rule}`).join('\n')}
`
}

function feeds({ exchanges, schedule }: Wishes): string {
  const lines = FEEDS.map((feed) => {
    const cron = schedule === undefined ? '' : `schedule: "${schedule}", `
    return `  ${feed}: { base_url: "${exchanges}", ${cron}series: { ${SERIES[feed]}: { calendar: always } } }`
  })
  return ['feeds:', ...lines, ''].join('\n')
}
