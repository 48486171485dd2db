import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readSettings } from '../../src/settings.ts'
import { freePort, spawnRedis } from '../../tests/redis.ts'

export interface RedisServer extends AsyncDisposable {
  url: string
}

/** A redis-server of our own where there is one on the PATH, else that of REDIS_URL; null, and a line about it, when neither. */
export async function openRedis(): Promise<RedisServer | null> {
  if (spawnSync('redis-server', ['--version']).status === 0) return startRedis()
  const { redisUrl } = readSettings()
  if (redisUrl !== undefined) return { url: redisUrl, [Symbol.asyncDispose]: async () => {} }
  console.error('Neither a redis-server on the PATH nor REDIS_URL: measured on Postgres only.')
  return null
}

async function startRedis(): Promise<RedisServer> {
  const port = await freePort()
  const server = await spawnRedis(port)
  return {
    url: `redis://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.kill()
      await once(server, 'exit')
    },
  }
}
