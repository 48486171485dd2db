/** One pair and many rules that all cross at once, each told to one webhook. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BENCH_RULE, silver, writeConfiguration } from '../lib/configuration.ts'

export const RULES = 130

/** Writes it into FOLDER/config and answers with that path. */
export function writeChaosConfiguration(folder: string, exchanges: string, receiver: string): string {
  const config = writeConfiguration(folder, { exchanges, receiver, schedule: '* * * * * *' })
  const rules = Array.from({ length: RULES }, (_, i) => {
    const raise = (5.5 - i / 400).toFixed(3)
    const clear = (4.5 + i / 4000).toFixed(4)
    return `gap-${i}: { ${BENCH_RULE}, raise: ${raise}, clear: ${clear} }`
  })
  writeFileSync(join(config, 'metals/silver.yaml'), silver('3650d', rules))
  return config
}
