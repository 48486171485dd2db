/** Postgres and Redis that can be killed and come back at the same address. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { openLog } from '../../src/log.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { freePort, spawnRedis } from '../../tests/redis.ts'

export interface Server extends AsyncDisposable {
  url: string
  /** SIGKILL, and up again */
  kill(): Promise<void>
}

/** An embedded Postgres behind a door whose address stays the same. */
export async function openPostgres(folder: string): Promise<Server> {
  const data = join(folder, 'postgres-home')
  const embedded = await openEmbedded({ data, log: openLog('error', false) })
  const sockets = new Set<Socket>()
  const door = createServer((client) => {
    const server = connect(Number(new URL(embedded.url).port), '127.0.0.1')
    for (const socket of [client, server]) {
      sockets.add(socket)
      const shut = () => {
        client.destroy()
        server.destroy()
        sockets.delete(socket)
      }
      socket.on('error', shut).on('close', shut)
    }
    client.pipe(server).pipe(client)
  })
  await once(door.listen(0, '127.0.0.1'), 'listening')
  const url = new URL(embedded.url)
  url.hostname = '127.0.0.1'
  url.port = String((door.address() as AddressInfo).port)
  return {
    url: url.href,
    async kill() {
      const [pid] = readFileSync(join(data, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')
      process.kill(Number(pid), 'SIGKILL')
      for (const socket of sockets) socket.destroy()
      await revived(embedded.url)
    },
    async [Symbol.asyncDispose]() {
      door.close()
      for (const socket of sockets) socket.destroy()
      await embedded.stop()
    },
  }
}

/** The embedded server is started again by whoever opened it. */
async function revived(url: string): Promise<void> {
  await using database = openDatabase(url, { max: 1 })
  for (;;) {
    try {
      await database.query('select 1')
      return
    } catch {
      await sleep(100)
    }
  }
}

export interface RedisServer extends Server {
  flush(): Promise<void>
}

/** Rejects where there is no redis-server on the PATH. */
export async function openRedis(): Promise<RedisServer> {
  const port = await freePort()
  const start = () => spawnRedis(port, ['--appendonly', 'no'])
  let server = await start()
  const end = async () => {
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  const url = `redis://127.0.0.1:${port}`
  return {
    url,
    async kill() {
      await end()
      server = await start()
    },
    async flush() {
      const client = new Redis(url)
      await client.flushall()
      client.disconnect()
    },
    [Symbol.asyncDispose]: end,
  }
}
