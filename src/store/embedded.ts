/** Postgres of our own, for a machine where nothing is installed: shared by all processes of one data folder. */
import { join } from 'node:path'
import type pg from 'pg'
import { UserError } from '../errors.ts'
import type { Log } from '../log.ts'
import { runnableBinaries } from './embedded/binaries.ts'
import { ensureCluster, password, SUPERUSER } from './embedded/cluster.ts'
import { type Home, settle } from './embedded/home.ts'
import { withLock } from './embedded/lock.ts'
import { findServer, startServer } from './embedded/postmaster.ts'
import { allowReader, ensureDatabase, leave } from './embedded/presence.ts'

const REVIVAL_PAUSE_MS = 2_000

export interface EmbeddedOptions {
  /** METALGAP_DATA; the cluster lies in its subfolder `postgres` */
  data: string
  log: Log
  /** made if missing, default `metalgap` */
  database?: string
  /** false for tests: quick, and lost when the machine crashes */
  durable?: boolean
}

export interface Embedded extends AsyncDisposable {
  url: string
  /** The url of the role metalgap_reader; its password is set on the way. The database must be migrated. */
  readerUrl(): Promise<string>
  /** Leaves; whoever leaves last stops the server. */
  stop(): Promise<void>
}

/** Finds the server of the data folder or starts it. Every failure is a UserError that says what to do. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await open(options)
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error
    const advice =
      'Choose a folder that can be written with METALGAP_DATA, or another database with DATABASE_URL'
    throw new UserError(
      `The embedded database in ${options.data} cannot be used: ${error.message}. ${advice}.`,
      69,
      { cause: error },
    )
  }
}

async function open({
  data,
  log,
  database = 'metalgap',
  durable = true,
}: EmbeddedOptions): Promise<Embedded> {
  const home = settle(data, log)
  const enter = (port: number | null) =>
    exclusively(home, async () => {
      const client = await findOrStart(home, log, durable, port)
      await ensureDatabase(client, database)
      return client
    })
  const presence = await stayPresent(enter, log)
  const secret = password(home)
  const url = (user: string, word: string) =>
    `postgres://${user}:${word}@127.0.0.1:${presence.client.port}/${encodeURIComponent(database)}`
  let stopped: Promise<void> | undefined
  const stop = () => {
    presence.over = true
    stopped ??= exclusively(home, () => leave(home, presence.client))
    return stopped
  }
  return {
    url: url(SUPERUSER, secret),
    readerUrl: async () => url('metalgap_reader', await allowReader(presence.client, secret)),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

interface Presence {
  client: pg.Client
  over: boolean
}

/** Holds a connection; where the server dies under it, starts the server again on the same port. */
async function stayPresent(enter: (port: number | null) => Promise<pg.Client>, log: Log): Promise<Presence> {
  const presence = { client: await enter(null), over: false }
  const revive = async () => {
    if (presence.over) return
    log.warn('The embedded database went away; it is started again')
    try {
      presence.client = await enter(presence.client.port)
      presence.client.once('end', revive)
    } catch (error) {
      log.error(error)
      setTimeout(revive, REVIVAL_PAUSE_MS).unref()
    }
  }
  presence.client.once('end', revive)
  return presence
}

function exclusively<T>(home: Home, work: () => Promise<T>): Promise<T> {
  return withLock(join(home.folder, 'lock'), work)
}

async function findOrStart(home: Home, log: Log, durable: boolean, port: number | null): Promise<pg.Client> {
  const found = await findServer(home)
  if (found) return found
  const bin = runnableBinaries(home, log)
  await ensureCluster(home, bin, durable)
  return startServer(home, bin, durable, port)
}
