/** The two stores that a queue may live in, for tests that must hold on both. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { readSettings } from '../../src/settings.ts'
import type { Database } from '../../src/store/database.ts'
import { freshDatabase } from '../database.ts'
import { freePort, spawnRedis } from '../redis.ts'

export interface Store extends AsyncDisposable {
  database: Database
  redisUrl: string | undefined
  /** the whole queue is gone, as after FLUSHALL or `drop schema bullmq cascade` */
  lose(): Promise<void>
}

export interface StoreKind {
  kind: 'postgres' | 'redis'
  open(): Promise<Store>
}

const given = readSettings().redisUrl
const installed = () => spawnSync('redis-server', ['--version']).status === 0
const postgres: StoreKind = { kind: 'postgres', open: openPostgres }
const redis: StoreKind = { kind: 'redis', open: openRedis }

/** Redis is REDIS_URL or a `redis-server` on the PATH; without either only Postgres is tried. */
export function storeKinds(): StoreKind[] {
  if (given !== undefined || installed()) return [postgres, redis]
  console.info('Neither REDIS_URL nor a redis-server on the PATH: the queue is tried on Postgres only.')
  return [postgres]
}

async function openPostgres(): Promise<Store> {
  const database = await freshDatabase()
  return {
    database,
    redisUrl: undefined,
    lose: () => dropQueue(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

/** The queue's own statements may stand in its way: of a deadlock it is the victim, and tries again. */
async function dropQueue(database: Database): Promise<void> {
  try {
    await database.query('drop schema if exists bullmq cascade')
  } catch (error) {
    if ((error as { code?: string }).code !== '40P01') throw error
    await dropQueue(database)
  }
}

async function openRedis(): Promise<Store> {
  const database = await freshDatabase()
  const server = given === undefined ? await startRedis() : { url: given, stop: async () => {} }
  const client = new Redis(server.url)
  // somebody else's server holds more than our jobs
  const lose = async () => {
    const keys = await client.keys('metalgap:*')
    if (keys.length > 0) await client.del(...keys)
  }
  await lose()
  return {
    database,
    redisUrl: server.url,
    lose,
    async [Symbol.asyncDispose]() {
      client.disconnect()
      await server.stop()
      await database[Symbol.asyncDispose]()
    },
  }
}

export interface RedisServer {
  url: string
  stop(): Promise<void>
}

/** A server of one's own on a free port (or on the one of a server that was stopped), with a password. */
export async function startRedis(port?: number): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'metalgap-redis-'))
  const listening = port ?? (await freePort())
  const server = await spawnRedis(listening, ['--dir', folder, '--requirepass', 'sesame'])
  return {
    url: `redis://:sesame@127.0.0.1:${listening}`,
    async stop() {
      server.kill()
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
