/** `metalgap explain`: from the raw payload to the number, so that an auditor can do it again. */
import { isUuid } from '../command-line/options.ts'
import { printLines, printObject } from '../command-line/print.ts'
import { UserError } from '../errors.ts'
import { type ExplainedBreach, explainBreach } from '../explain/breach.ts'
import { breachText } from '../explain/breach-text.ts'
import { type ExplainedPremium, explainPremium } from '../explain/premium.ts'
import { premiumText } from '../explain/premium-text.ts'
import { asOwner } from '../open-database.ts'
import type { Database } from '../store/database.ts'
import { type CommandFile, FOUND_WANTING } from './command.ts'

export default {
  summary: 'how a premium or a breach came about, from the raw payload to the number',
  examples: [
    'explain 42                                      # ID of metalgap premiums',
    'explain 7cafd866-9b44-4f44-8cbb-869f21b7305e    # ID of metalgap breaches, or a webhook-id',
    'explain 42 --json',
  ],
  reads: true,
  configure(program) {
    program.argument('<id>', 'of a premium, of a breach, or the webhook-id of a message about one')
  },
  async run({ args: [id = ''], options }, settings) {
    const explained = await asOwner(settings, (database) => explain(database, id))
    if (options.json) printObject(explained)
    else await printLines('steps' in explained ? premiumText(explained) : breachText(explained))
    const premium = 'steps' in explained ? explained : explained.raised_by
    return premium === null || isSound(premium) ? 0 : FOUND_WANTING
  },
} satisfies CommandFile<{ json?: boolean }>

async function explain(database: Database, id: string): Promise<ExplainedPremium | ExplainedBreach> {
  if (isUuid(id)) {
    const breach = await explainBreach(database, id)
    if (breach !== null) return breach
    throw new UserError(`No breach, or delivery about one, has the id ${id}. See: metalgap breaches`)
  }
  if (!/^[1-9]\d{0,14}$/.test(id))
    throw new UserError(
      `There is no "${id}": expected the number of a premium (metalgap premiums) or the id of a breach (metalgap breaches)`,
    )
  const premium = await explainPremium(database, Number(id))
  if (premium !== null) return premium
  throw new UserError(`No premium has the number ${id}. See: metalgap premiums`)
}

/** The numbers and the kept pages are what they were. */
function isSound({ agrees, legs: { east, west, fx } }: ExplainedPremium): boolean {
  return agrees && [east, west, fx].every((leg) => leg?.payload?.hash_agrees !== false)
}
