/** `metalgap ack BREACH`: somebody knows; no reminders until it escalates. */
import { uuid } from '../command-line/options.ts'
import { printObject } from '../command-line/print.ts'
import { whoRuns } from '../command-line/who.ts'
import { utc } from '../command-line/words.ts'
import { readConfig } from '../config.ts'
import { UserError } from '../errors.ts'
import { asOwner } from '../open-database.ts'
import { acknowledgeBreach } from '../telling/acknowledging.ts'
import type { CommandFile } from './command.ts'

interface Options {
  who: string
  reason?: string
  json?: boolean
}

export default {
  summary: 'acknowledges a breach: no more reminders, until it escalates',
  examples: [
    'ack 5f0c6f0e-1b1c-4d7e-9a35-0a8f4c1d2e3f',
    'ack 5f0c6f0e-1b1c-4d7e-9a35-0a8f4c1d2e3f --who ann --reason "hedged until Friday"',
  ],
  configure(program) {
    program
      .argument('<breach>', 'its id, see: metalgap breaches --open', uuid)
      .option('--who <name>', 'who knows', whoRuns())
      .option('--reason <text>', 'what to tell others who wonder')
      .option('--json', 'what was acknowledged as one JSON object')
  },
  async run({ args: [breach_id = ''], options: { who, reason = null, json = false } }, settings) {
    const now = new Date()
    const config = await readConfig(settings.config, settings.env, now)
    const breach = await asOwner(settings, (database) =>
      acknowledgeBreach(config, database, { breach_id, who, text: reason, now }),
    )
    if (breach === null)
      throw new UserError(`There is no breach ${breach_id}. Those that are open: metalgap breaches --open`)
    if (breach.cleared_at !== null)
      throw new UserError(`It was cleared at ${utc(breach.cleared_at)} already.`)
    const { rule, pair, severity, acknowledged_by } = breach
    const before = acknowledged_by === null ? '' : `; before that by ${acknowledged_by}`
    if (json) printObject({ breach_id, rule, pair, severity, acknowledged_by: who, reason })
    else
      console.error(
        `${rule} on ${pair} (${severity}) is acknowledged by ${who}${before}: no reminders until it escalates.`,
      )
    return 0
  },
} satisfies CommandFile<Options>
