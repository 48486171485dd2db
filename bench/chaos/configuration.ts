/** One pair and many rules that all cross at once, each told to one webhook. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeConfiguration } from '../lib/configuration.ts'

export const RULES = 130

/** Writes it into FOLDER/config and answers with that path. */
export function writeChaosConfiguration(folder: string, exchanges: string, receiver: string): string {
  const config = writeConfiguration(folder, { exchanges, receiver, schedule: '* * * * * *' })
  const rules = Array.from({ length: RULES }, (_, i) => {
    const raise = (5.5 - i / 400).toFixed(3)
    const clear = (4.5 + i / 4000).toFixed(4)
    return `  gap-${i}: { pair: silver-bench, measure: as_quoted_usd, direction: above, raise: ${raise}, clear: ${clear}, severity: warning, notify: [risk] }`
  })
  writeFileSync(join(config, 'metals/silver.yaml'), `${PAIR}rules:\n${rules.join('\n')}\n`)
  return config
}

const PAIR = `metal: silver
title: Silver
unit: oz
tax: { china_vat: [{ from: 2019-04-01, rate: 0.13 }] }
pairs:
  silver-bench:
    east: { series: sge-delayed/ag-td, max_age: 100000h }
    west: { series: sina/xag, max_age: 100000h }
    fx: { series: cfets/usdcny-spot, max_age: 100000h }
    max_skew: 24h
    plausible_premium: [-50%, 100%]
`
