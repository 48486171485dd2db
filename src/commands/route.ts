/** `metalgap route`: who would hear of a rule at each severity, and why; nothing is sent. */
import { Option } from 'commander'
import { column, printRows } from '../command-line/print.ts'
import { type Config, readConfig } from '../config.ts'
import { noSuch } from '../nearest.ts'
import { recipients } from '../telling/routing.ts'
import type { CommandFile } from './command.ts'

interface Options {
  rule?: string
  severity?: string
  explain?: boolean
  json?: boolean
}

interface Row {
  rule: string
  severity: string
  channel: string | null
  because: string
  shadow: boolean
}

const NOBODY = 'nobody'

const columns = [
  column<Row>('RULE', ({ rule }) => rule),
  column<Row>('SEVERITY', ({ severity }) => severity),
  column<Row>('CHANNEL', ({ channel, shadow }) => `${channel ?? NOBODY}${shadow ? ' (shadow)' : ''}`),
]
const why = column<Row>('BECAUSE OF', ({ because }) => because)

export default {
  summary: 'who hears of a rule at each severity; --explain says why. Nothing is sent',
  examples: ['route', 'route --explain --rule silver-gap', 'route --severity critical --json'],
  reads: true,
  configure(program) {
    program
      .option('--rule <rule>', 'only this rule')
      .addOption(new Option('--severity <severity>').choices(['info', 'warning', 'critical']))
      .option('--explain', 'name the entry of the configuration that leads there')
  },
  async run({ options }, settings) {
    const { explain = false, json = false } = options
    const rows = rowsOf(await readConfig(settings.config, settings.env, new Date()), options)
    await printRows(rows, { columns: explain ? [...columns, why] : columns, json, empty: 'No rules.' })
    return 0
  },
} satisfies CommandFile<Options>

function rowsOf(config: Config, { rule: wanted, severity: only }: Options): Row[] {
  const known = Object.keys(config.rules)
  if (wanted !== undefined && !known.includes(wanted)) throw noSuch('rule', wanted, known)
  return Object.values(config.rules)
    .filter(({ rule, enabled }) => enabled && (wanted === undefined || rule === wanted))
    .flatMap((rule) =>
      [...new Set([rule.severity, ...rule.levels.map((level) => level.severity)])]
        .filter((severity) => only === undefined || severity === only)
        .flatMap((severity) => rowsAt(config, rule, severity)),
    )
}

function rowsAt(config: Config, rule: Config['rules'][string], severity: string): Row[] {
  const about = { rule: rule.rule, severity, shadow: rule.shadow }
  const found = recipients(config, rule, severity)
  if (found.length === 0) return [{ ...about, channel: null, because: 'no notify and no route' }]
  return found.map(({ channel, because }) => ({ ...about, channel, because: because.join('; ') }))
}
