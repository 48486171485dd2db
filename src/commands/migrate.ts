/** `metalgap migrate`: brings the database, and the queue in it, to where this version expects them. */
import { printLines, printObject } from '../command-line/print.ts'
import { openLog } from '../log.ts'
import { asOwner } from '../open-database.ts'
import type { Settings } from '../settings.ts'
import { openDatabase } from '../store/database.ts'
import { openEmbedded } from '../store/embedded.ts'
import { migrate } from '../store/migrate.ts'
import { untilReady } from '../store/readiness.ts'
import { type SchemaState, schemaState } from '../store/schema-state.ts'
import { databaseName } from '../store/unreachable.ts'
import { counted } from '../text.ts'
import { type CommandFile, FOUND_WANTING } from './command.ts'

const STATES: Record<SchemaState['is'], string> = {
  none: 'has no tables of ours yet; run metalgap migrate',
  older: 'lacks migrations; run metalgap migrate',
  current: 'is where this version expects it',
  newer: 'was migrated by a newer version; use that one',
}

export default {
  summary: 'brings the database to where this version expects it; metalgap start does it by itself',
  examples: ['migrate', 'migrate --status', 'migrate --status --json'],
  reads: true,
  configure(program) {
    program.option('--status', 'only say where it is; exit code 3 when that is not where it should be')
  },
  async run({ options: { status = false, json = false } }, settings) {
    if (status) return tellStatus(settings, json)
    await using stack = new AsyncDisposableStack()
    const url =
      settings.databaseUrl ??
      stack.use(await openEmbedded({ data: settings.data, log: openLog('warn', false) })).url
    await untilReady(stack.use(openDatabase(url, { max: 1 })), console.error)
    const names = await migrate(url)
    if (settings.redisUrl === undefined) await migrateQueue(url)
    if (json) printObject({ database: databaseName(url), migrated: names })
    else await printLines(names)
    console.error(
      names.length === 0
        ? `The database ${databaseName(url)} was up to date.`
        : `The database ${databaseName(url)} is up to date now: ${counted(names.length, 'migration')}.`,
    )
    return 0
  },
} satisfies CommandFile<{ status?: boolean; json?: boolean }>

async function tellStatus(settings: Settings, json: boolean): Promise<number> {
  const { is, names, where } = await asOwner(settings, async (database) => ({
    ...(await schemaState(database)),
    where: databaseName(database.url),
  }))
  if (json) printObject({ database: where, is, names })
  else await printLines([`The database ${where} ${STATES[is]}.`, ...names.map((name) => `  ${name}`)])
  return is === 'current' ? 0 : FOUND_WANTING
}

async function migrateQueue(url: string): Promise<void> {
  const { openPostgresBackend } = await import('../../workers/backend-postgres.ts')
  await (await openPostgresBackend(url, true)).close()
}
