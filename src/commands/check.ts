/** `metalgap check`: is the configuration right, and what would it do? */
import { column, printLines, printObject, tableOf } from '../command-line/print.ts'
import { span } from '../command-line/words.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { outlookOf, type PolledFeed, type WatchedPair, type WatchingRule } from '../outlook.ts'
import type { Settings } from '../settings.ts'
import type { CommandFile } from './command.ts'

const BAD_CONFIGURATION = 78

const feeds = [
  column<PolledFeed>('FEED', ({ feed }) => feed),
  column<PolledFeed>('SCHEDULE', ({ schedule }) => schedule),
  column<PolledFeed>('ZONE', ({ zone }) => zone),
  column<PolledFeed>('FROM', ({ base_url }) => base_url),
  column<PolledFeed>('SERIES', ({ series }) => series.join(', ')),
]
const pairs = [
  column<WatchedPair>('PAIR', ({ pair }) => pair),
  column<WatchedPair>('EAST', ({ east }) => east.join(', else ')),
  column<WatchedPair>('WEST', ({ west }) => west.join(', else ')),
  column<WatchedPair>('RATE', ({ fx }) => fx ?? 'none'),
  column<WatchedPair>('UNIT', ({ unit }) => `USD/${unit}`),
  column<WatchedPair>('ALIGNED', ({ align }) => align),
]
const rules = [
  column<WatchingRule>('RULE', ({ rule }) => rule),
  column<WatchingRule>('PAIR', ({ pair }) => pair),
  column<WatchingRule>('MEASURE', ({ measure, direction }) => `${measure} ${direction}`),
  column<WatchingRule>('RAISE', (rule) =>
    eachLevel(rule, ({ raise, for_ms }) => `${raise} for ${span(for_ms)}`),
  ),
  column<WatchingRule>('CLEAR', (rule) =>
    eachLevel(rule, ({ clear, clear_for_ms }) => `${clear} for ${span(clear_for_ms)}`),
  ),
  column<WatchingRule>('SEVERITY', (rule) => eachLevel(rule, ({ severity }) => severity)),
  column<WatchingRule>('NOTIFY', ({ notify, shadow }) => `${notify.join(', ')}${shadow ? ' (shadow)' : ''}`),
]

function eachLevel(rule: WatchingRule, say: (level: WatchingRule['levels'][number]) => string): string {
  return [rule, ...rule.levels].map(say).join(', ')
}

export default {
  summary: 'checks the configuration and shows what would be polled, compared and told',
  examples: ['check', 'check --json', 'check || echo "exit code 78: something is wrong in it"'],
  reads: true,
  async run({ options: { json } }, settings) {
    if (!json) {
      await show(settings.config, await read(settings))
      return 0
    }
    try {
      const config = await read(settings)
      const { version, warnings } = config
      printObject({ valid: true, folder: settings.config, version, warnings, ...outlookOf(config) })
      return 0
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      printObject({ valid: false, folder: settings.config, findings: error.findings })
      return BAD_CONFIGURATION
    }
  },
} satisfies CommandFile<{ json?: boolean }>

function read({ config, env }: Settings): Promise<Config> {
  return readConfig(config, env, new Date())
}

async function show(folder: string, config: Config): Promise<void> {
  const outlook = outlookOf(config)
  const tables = [
    tableOf(outlook.feeds, feeds),
    tableOf(outlook.pairs, pairs),
    tableOf(outlook.rules, rules),
  ].filter((table) => table.length > 0)
  await printLines([
    `The configuration in ${folder} is valid (version ${config.version.slice(0, 12)}).`,
    ...tables.flatMap((table) => ['', ...table]),
  ])
  if (outlook.pairs.length === 0)
    console.error('No pair is enabled: nothing would be polled. See metals/*.yaml.')
  for (const warning of config.warnings) console.error(`warning: ${warning}`)
}
