import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { readSettings } from '../../src/settings.ts'

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
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const said of server.stdout) if (String(said).includes('Ready to accept connections')) break
  return {
    url: `redis://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.kill()
      await once(server, 'exit')
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
