/** The demo's database: an embedded one of its own, or the one of DATABASE_URL if no live data is in it. */
import { relative } from 'node:path'
import { UserError } from '../errors.ts'
import type { Log } from '../log.ts'
import { runningIn } from '../run-file.ts'
import type { Settings } from '../settings.ts'
import { cleanSlate } from '../store/clean-slate.ts'
import { openDatabase } from '../store/database.ts'
import { pairsBeside } from '../store/demo.ts'
import { openEmbedded } from '../store/embedded.ts'
import { PAIRS } from './configuration.ts'

/** Keeps the server of the demo running until it is disposed of. */
export interface DemoDatabase extends AsyncDisposable {
  /** what to write before a command in another terminal, so that it looks here */
  environment: string
}

/** Throws a UserError where the database holds live data or cannot be used. */
export async function openDemoDatabase(settings: Settings, log: Log): Promise<DemoDatabase> {
  const { databaseUrl, data } = settings
  if (databaseUrl === undefined) return ownDatabase(data, log)
  await using database = openDatabase(databaseUrl, { max: 1 })
  const live = await pairsBeside(database, PAIRS)
  if (live.length > 0) {
    throw new UserError(
      `The database of DATABASE_URL holds live data (${live.join(', ')}), and the demo would mix simulated prices with it. ` +
        'Unset DATABASE_URL, or name an empty database.',
    )
  }
  return { environment: '', [Symbol.asyncDispose]: async () => {} }
}

async function ownDatabase(data: string, log: Log): Promise<DemoDatabase> {
  const embedded = await openEmbedded({ data, log })
  try {
    await using database = openDatabase(embedded.url, { max: 1 })
    if (!(await cleanSlate(database))) throw busy(data)
    return { environment: `METALGAP_DATA=${shortest(data)} `, [Symbol.asyncDispose]: embedded.stop }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

function busy(data: string): UserError {
  const run = runningIn(data)
  return new UserError(
    run === null
      ? 'Another process begins a demo, or looks at the last one. Try again when it has ended.'
      : `A demo runs already: process ${run.pid}, since ${run.started}. End it first: kill ${run.pid}`,
  )
}

function shortest(folder: string): string {
  const fromHere = relative('.', folder)
  return fromHere.startsWith('..') ? folder : fromHere
}
