/** Silences as people ask for them: checked against what there is, and never for ever. */
import type { Config } from '../config.ts'
import { UserError } from '../errors.ts'
import { noSuch } from '../nearest.ts'
import type { Database } from '../store/database.ts'
import { holdPending } from '../store/silenced.ts'
import { insertSilence, type Matcher, raisedBreaches, type Silence } from '../store/silences.ts'
import { finish } from '../sweep/silences.ts'
import { isAbout, type Told } from './quiet.ts'

export const LONGEST_DAYS = 30
const LONGEST_MS = LONGEST_DAYS * 86_400_000

export interface Wanted extends Matcher {
  /** null: as long as may be, which only `until_cleared` allows */
  until: Date | null
  until_cleared: boolean
  who: string
  reason: string
}

/** What waits to be sent is held as well. Throws a UserError (2) for what cannot be meant. */
export async function addSilence(
  { config, now, database }: Told & { database: Database },
  wanted: Wanted,
): Promise<Silence> {
  checkNames(config, wanted)
  const began_at = now()
  const longest = new Date(began_at.getTime() + LONGEST_MS)
  const until = wanted.until ?? longest
  if (until <= began_at)
    throw new UserError(`${until.toISOString()} is past; say --for 4h or a later --until.`, 2)
  if (until > longest)
    throw new UserError(
      `A silence lasts ${LONGEST_DAYS} days at most, until ${longest.toISOString()}; what should be quiet for ever is a rule to change.`,
      2,
    )
  if (wanted.until_cleared) await checkRaised(database, wanted)
  return database.transaction(async (client) => {
    const silence = await insertSilence(client, { ...wanted, began_at, until })
    await holdPending(client, silence, began_at)
    return silence
  })
}

/** Ends a silence now, with the summary of what is still raised. Throws a UserError where there is none. */
export async function liftSilence(
  context: Told & { database: Database },
  silence_id: number,
  who: string,
): Promise<Silence> {
  const ended = await context.database.transaction((client) => finish(context, client, { silence_id }, who))
  if (ended === null)
    throw new UserError(`There is no silence ${silence_id} that holds. See: metalgap silence list --all`)
  return ended
}

function checkNames({ pairs, rules, metals }: Config, { pair, rule, metal, severity }: Matcher): void {
  if ([pair, rule, metal, severity].every((one) => one === null))
    throw new UserError('Say what to silence: --rule, --pair, --metal or --severity.', 2)
  const known = { pair: pairs, rule: rules, metal: metals }
  for (const [what, name] of Object.entries({ pair, rule, metal })) {
    const names = Object.keys(known[what as keyof typeof known])
    if (name !== null && !names.includes(name)) throw noSuch(what, name, names)
  }
}

async function checkRaised(database: Database, matcher: Matcher): Promise<void> {
  const raised = await raisedBreaches(database)
  if (!raised.some((breach) => isAbout(matcher, breach)))
    throw new UserError('Nothing of that is raised, so there is nothing to clear. Say --for or --until.', 2)
}
